"""Telegram's HTML for a terminal: colour and links on a screen, plain lines with the addresses below in a pipe."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TextIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 details summary footer tg-button-row li ul ol hr".split())
_HEADINGS = {"h2", "h3", "h4"}
_STYLES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strike",
    "code": "cyan",
    "pre": "cyan",
    "blockquote": "dim",
    "details": "dim",
    "h2": "bold",
    "h3": "bold",
    "h4": "bold",
}
_BAR = "  │ "  # before each line of a quotation
_NARROWEST = 20  # columns
_MARK = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a message: its words, how they stand out, and where they lead."""

    text: str
    style: str = ""
    url: str = ""


class Printer:
    """Prints messages to a stream."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._console = Console(file=out, highlight=False, soft_wrap=True) if out.isatty() else None

    def message(self, markup: str, rows: Sequence[Sequence[str]], first: int) -> None:
        """Print a message and its buttons, numbered from `first`."""
        runs = read(markup)
        if self._console:
            text = Text()
            for run in runs:
                text.append(run.text, Style.parse(run.style) + (Style(link=run.url) if run.url else Style()))
            for shown in wrapped(text, self._console):
                self._console.print(shown)
        else:
            self._out.write(plain(runs) + "\n")
        number = first
        for row in rows:
            line = "  ".join(f"#{place} [{label}]" for place, label in enumerate(row, number))
            number += len(row)
            self._line(f"  {line}", "bright_blue")
        self._out.write("\n")

    def note(self, text: str) -> None:
        """Print a word that is no message: the answer to a press, a hint of the terminal's own."""
        if text:
            self._line(f"({text})", "dim")

    def _line(self, text: str, style: str) -> None:
        if self._console:
            self._console.print(Text(text, style=style))
        else:
            self._out.write(f"{text}\n")


def wrapped(text: Text, console: Console) -> Iterator[Text]:
    """The lines of a text, broken between words where the screen ends; those of a quotation keep their bar."""
    for line in text.split("\n", allow_blank=True):
        bar = Text(_BAR, style="dim") if line.plain.startswith(_BAR) else Text()
        for part in line[len(bar) :].wrap(console, max(console.width - len(bar), _NARROWEST)):
            part.rstrip()
            yield bar + part


def plain(runs: Sequence[Run]) -> str:
    """The message as plain text: source marks keep their numbers, and the addresses stand below."""
    text = "".join(run.text for run in runs).strip()
    links = list(dict.fromkeys((run.text.strip(), run.url) for run in runs if run.url))
    below = [f"    {label} {url}" for label, url in links if _MARK.fullmatch(label)]
    if not below:  # the links of a timeline would bury the sources
        below = [f"    {label}: {url}" for label, url in links if label != url]
    return "\n".join([text, *below])


def read(markup: str) -> list[Run]:
    """The runs of a message in Telegram's HTML, rich or classic."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.runs


@dataclass(slots=True)
class _Open:
    tag: str
    url: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS or tag == "br":
            self._break()
        if tag in _HEADINGS and self.runs:
            self.runs.append(Run("\n"))
        if tag in {"br", "hr"}:
            return
        url = next((value or "" for name, value in attrs if name == "href"), "") if tag == "a" else ""
        self._open.append(_Open(tag, url))
        if tag == "blockquote":
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == tag for each in self._open):
            while self._open.pop().tag != tag:
                pass
        if tag in _BLOCKS or tag == "blockquote":
            self._break()

    def handle_data(self, data: str) -> None:
        tags = self._open
        quoted = any(each.tag in {"blockquote", "details"} for each in tags)
        style = " ".join(dict.fromkeys(_STYLES[each.tag] for each in tags if each.tag in _STYLES))
        url = next((each.url for each in reversed(tags) if each.url), "")
        at_start = not self.runs or self.runs[-1].text.endswith("\n")
        if at_start and self.runs:  # the line is broken already
            data = data.removeprefix("\n")
        text = data.replace("\n", f"\n{_BAR}") if quoted else data
        if quoted and at_start and data:
            text = _BAR + text
        if text:
            self.runs.append(Run(text, style, url))

    def _break(self) -> None:
        if self.runs and not self.runs[-1].text.endswith("\n"):
            self.runs.append(Run("\n"))
