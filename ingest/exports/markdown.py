"""Markdown as Telegram's clients write it, to visible text and links.

`**bold**`, `__italic__`, `~~struck~~`, `||hidden||`, `` `code` ``, fenced code and `[label](url)`, without escapes. A
mark closes at its next like, wherever that is: clients write `__a ____b__` for two pieces in italics side by side.
What has no partner is text. One pass over the signs, so the time grows with the length alone.
"""

import re

from core.model import Link
from ingest.entities import LONGEST_LABEL, MOST_ENTITIES
from ingest.markup import Marked
from ingest.urls import linkable

_SIGN = re.compile(
    r"""
      ```(?P<block>[^`]*+(?:`(?!``)[^`]*+)*)```
    | `(?P<code>[^`\n]++)`
    | \]\((?P<target>(?:https?|tg|ton|mailto):[^\s()]{1,2000}+(?:\([^\s()]{0,200}+\)[^\s()]{0,200}+){0,4})\)
    | (?P<bare>https?://(?:(?!\*\*|__(?![a-zA-Z0-9])|~~|\|\|)[^\s\[\]()<>"«»])+)
    | (?P<dunder>(?<=\.)__[a-z_]{1,30}__|__[a-z_]{1,30}__(?=\())
    | (?P<mark>\*\*|__|~~|\|\|)
    | (?P<bracket>[\[\]])
    """,
    re.VERBOSE,
)
# Where a sign may begin: `re` runs through a text to a letter of a set, and would try the signs at every letter.
_MAY_BEGIN = re.compile(r"[`\[\]*_~|h](?:(?<!h)|(?=ttps?://))")
_MOST_LABEL_PIECES = 64


def from_markdown(text: str) -> Marked:
    """Visible text and its links, in order of appearance."""
    page = _Page()
    done = at = 0
    while begins := _MAY_BEGIN.search(text, at):
        at = begins.start()
        if (sign := _SIGN.match(text, at)) is None:
            at += 1
            continue
        page.pieces.append(text[done:at])
        page.take(sign)
        done = at = sign.end()
    page.pieces.append(text[done:])
    return page.finish()


class _Page:
    """The text so far, in pieces, and what is still open in it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._open_marks: dict[str, int] = {}
        self._open_brackets: list[int] = []
        self._links: list[tuple[int, int, str]] = []

    def take(self, sign: re.Match[str]) -> None:
        match sign.lastgroup:
            case "block" | "code" as code:
                self.pieces.append(sign[code])
            case "mark":
                self._toggle(sign.group())
            case "bracket":
                self._bracket(sign.group())
            case "target":
                self._close_link(sign)
            case "bare":
                self._links.append((len(self.pieces), len(self.pieces), sign.group().rstrip(".,;:!?…'’")))
                self.pieces.append(sign.group())
            case _:
                self.pieces.append(sign.group())

    def _toggle(self, mark: str) -> None:
        opened = self._open_marks.pop(mark, None)
        if opened is None:
            self._open_marks[mark] = len(self.pieces)
            self.pieces.append(mark)  # until its partner comes
        else:
            self.pieces[opened] = ""

    def _bracket(self, bracket: str) -> None:
        if bracket == "[":
            self._open_brackets.append(len(self.pieces))
        elif self._open_brackets:
            self._open_brackets.pop()
        self.pieces.append(bracket)

    def _close_link(self, sign: re.Match[str]) -> None:
        if not self._open_brackets:
            self.pieces.append(sign.group())
            return
        start = self._open_brackets.pop()
        self.pieces[start] = ""
        self._links.append((start, len(self.pieces), sign["target"]))

    def finish(self) -> Marked:
        links = (
            Link(url=url, label=self._label(start, end))
            for start, end, target in sorted(self._links[:MOST_ENTITIES], key=lambda link: link[0])
            if (url := linkable(target)) is not None
        )
        return Marked("".join(self.pieces), tuple(dict.fromkeys(links)))

    def _label(self, start: int, end: int) -> str:
        return "".join(self.pieces[start : min(end, start + _MOST_LABEL_PIECES)])[:LONGEST_LABEL].strip()
