"""What a reader wants more and less of."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.callbacks import Like, Unlearn, target_of_word
from bot.outgoing import Button, View, in_rows
from bot.views.start import back
from bot.wording import escape, say, tame, word
from core.model import Keyword, Reader, Taste
from digest.render.markup import without_commands
from digest.taste import words_of

_MOST_BUTTONS = 90
_IN_A_ROW = 4
_LABEL = 40  # characters


def keywords(reader: Reader, taste: Taste, said: str = "") -> View:
    """A reader's words and what was learnt from presses, each with a button that takes it back; `said` stands above."""
    language = reader.language
    lines = [said] if said else []
    lines.append(say(language, "keywords-head"))
    if more := _listed(taste.keywords, wanted=True):
        lines.append(say(language, "keywords-more", words=more))
    if never := _listed(taste.keywords, wanted=False):
        lines.append(say(language, "keywords-never", words=never))
    if taste.likings:
        lines.append(say(language, "keywords-likings", count=len(taste.likings)))
    if not taste.keywords and not taste.likings:
        lines.append(say(language, "keywords-none"))
    lines.append(say(language, "keywords-foot"))
    return View("\n\n".join(lines), (*in_rows(_takers(taste), 2), back(reader)))


def changed(reader: Reader, taste: Taste, asked: Sequence[Keyword], beyond: Sequence[Keyword]) -> View:
    """What the reader has just asked for, as a sentence, above all of it."""
    language = reader.language
    kept = [each for each in asked if each not in beyond]
    sentences = []
    if more := _listed(kept, wanted=True):
        sentences.append(say(language, "keywords-more-now", words=more))
    if never := _listed(kept, wanted=False):
        sentences.append(say(language, "keywords-never-now", words=never))
    if beyond:
        sentences.append(say(language, "keywords-full", words=", ".join(each.word for each in beyond)))
    return keywords(reader, taste, " ".join(sentences))


def learnt(language: str, terms: Mapping[str, str], *, more: bool) -> str:
    """What a press has taught, and how to take it back."""
    return word(language, "like-more-alert" if more else "like-less-alert", words=words_of(terms))


def rate(reader: Reader, value: Mapping[str, Any]) -> View:
    """The stories of a digest (as JSON), each with a button for more and one for less of its like."""
    stories = [story for story in value.get("stories", ()) if str(story.get("id", "")).isdecimal()]
    lines = [f"{number}. {escape(without_commands(story['title']), 80)}" for number, story in enumerate(stories, 1)]
    buttons = [
        Button(f"{_sign(more=more)} {number}", Like(story=int(story["id"]), more=more).pack())
        for number, story in enumerate(stories, 1)
        for more in (True, False)
    ]
    text = "\n".join([say(reader.language, "rate-head"), "", *lines[: _MOST_BUTTONS // 2]])
    return View(text, in_rows(buttons[:_MOST_BUTTONS], _IN_A_ROW))


def _listed(words: Iterable[Keyword], *, wanted: bool) -> str:
    return ", ".join(each.word for each in words if each.wanted is wanted)


def _takers(taste: Taste) -> list[Button]:
    """A button a word and a press, the newest presses first."""
    words = [
        (f"{_sign(more=each.wanted)}{tame(each.word, _LABEL)}", Unlearn(word=target_of_word(each.key)))
        for each in taste.keywords
    ]
    presses = [
        (f"{_sign(more=each.more)} {tame(words_of(each.terms, 3), _LABEL)}", Unlearn(story=each.story))
        for each in reversed(taste.likings)
    ]
    return [Button(f"✕ {label}", data.pack()) for label, data in (*words, *presses)][:_MOST_BUTTONS]


def _sign(*, more: bool) -> str:
    return "+" if more else "−"
