"""Pure: words that say little by themselves, in Russian and English, and those that say something."""

from core.words import stem, stems

_WORDS = """
    a an the and or but of to in on at for from by with as is are was were be been being has have had do does did
    will would can could may might should must it its he she his her they them their this that these those who
    which what when where how not no so than then there here after before about into over out up down off also just
    more most some any all one i you we me my our your us him if while because s t n re ve ll d m said say says
    told tell и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было
    вот от меня еще нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас опять уж вам ведь там
    потом себя ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже
    себе под будет ж тогда кто этот того потому этого какой ним здесь этом один почти мой тем чтобы нее были куда
    зачем всех при об другой хоть после над больше тот через эти нас про них какая много три эту моя свою этой
    перед лучше чуть том такой им более всю между это также сообщил сообщила сообщает заявил заявила рассказал
    словам"""
FUNCTION_STEMS = frozenset(map(stem, _WORDS.split()))


def content_stems(text: str) -> frozenset[str]:
    """The stems of a text that say something by themselves."""
    return frozenset(stems(text)) - FUNCTION_STEMS
