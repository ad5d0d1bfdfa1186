"""Pure: words that say little by themselves, in Russian and English, and those that say something."""

from core.words import stem, stems

# Words of Russian and English that say little by themselves, and show which language a text is in.
SMALL_WORDS = frozenset(
    """и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня
    еще нет о из ему теперь когда даже ну ли если уже или ни быть был него до вас опять уж вам ведь там потом себя
    ничего ей может они тут где есть надо ней для мы тебя их чем была сам чтоб без будто чего раз тоже себе под будет ж
    тогда кто этот того потому этого какой ним здесь этом один почти мой тем чтобы нее были куда зачем всех при об хоть
    после над больше тот через эти нас про них какая много эту моя свою этой перед лучше том такой им более всю между
    это также сообщил сообщила сообщает заявил заявила рассказал словам
    a an the and or but of to in on at for from by with as is are was were be been has have had do does did will would
    can could may it its he she his her they them their this that these who which what when how not no so than then
    there after about into over out up also just more most some any all one i you we our your us him if because s t said
    say says""".split()
)
_ALSO_LITTLE = """being might should must those where here before down off me my while n re ve ll d m told tell
    другой три чуть"""
FUNCTION_STEMS = frozenset(map(stem, [*SMALL_WORDS, *_ALSO_LITTLE.split()]))


def content_stems(text: str) -> frozenset[str]:
    """The stems of a text that say something by themselves."""
    return frozenset(stems(text)) - FUNCTION_STEMS
