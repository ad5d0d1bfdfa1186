"""Draws what a reader sees: the bot of `courant try`, its messages on telephones side by side, as a web page on stdout.

    python -m seeds.picture > picture.html

`make pictures` has a browser make docs/chat.png of it.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

# Of each telephone: what was typed before, what is typed, and whether the end of the answer is shown or its beginning.
SCREENS: Sequence[tuple[list[str], str, bool]] = (
    (["/start"], "/digest", False),
    ([], "/start", True),
    (["/start"], "/search sanctions", False),
)

_STYLE = """
* { box-sizing: border-box; margin: 0; }
body { background: #fff; display: flex; gap: 22px; padding: 14px; font: 14px/1.36 "DejaVu Sans", sans-serif; }
.screen { width: 350px; height: 620px; border: 7px solid #2b2f36; border-radius: 30px; overflow: hidden; padding: 12px;
  background: #cfdccb; display: flex; flex-direction: column; gap: 8px; }
.screen.end { justify-content: flex-end; }
.said, .typed { flex: none; padding: 7px 10px; border-radius: 13px; overflow-wrap: anywhere; }
.said { background: #fff; white-space: pre-line; border-bottom-left-radius: 3px; margin-right: 12px; }
.typed { background: #e4fbc9; align-self: flex-end; border-bottom-right-radius: 3px; }
a { color: #2a7ab8; text-decoration: none; }
blockquote { display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden;
  border-left: 3px solid #4a9be0; background: #edf5fc; border-radius: 4px; padding: 3px 8px; margin: 3px 0 -1.1em; }
.buttons { flex: none; display: flex; flex-wrap: wrap; gap: 4px; margin-right: 12px; }
.buttons span { flex: 1 1 30%; background: #7f9a7acc; color: #fff; border-radius: 8px; padding: 6px 8px;
  text-align: center; white-space: nowrap; }
"""


Call = Mapping[str, Any]


def answers(before: Sequence[str], typed: str) -> Sequence[Call]:
    """The calls that the bot makes when this is typed after what was typed before."""
    return _calls([*before, typed])[len(_calls(before)) :] if before else _calls([typed])


def screen(typed: str, calls: Iterable[Call], *, end: bool) -> str:
    """One telephone with what was typed and answered."""
    bubbles = "\n".join([f'<p class="typed">{escape(typed)}</p>', *_bubbles(calls)])
    return f'<section class="screen{" end" if end else ""}">\n{bubbles}\n</section>'


def _calls(lines: Sequence[str]) -> list[Call]:
    command = [sys.executable, "-m", "app", "try", "--json"]
    said = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)  # noqa: S603 - our own
    return [json.loads(line) for line in said.stdout.splitlines()]


def _bubbles(calls: Iterable[Call]) -> Iterator[str]:
    for call in calls:
        if call["text"]:
            yield f'<div class="said">{call["text"]}</div>'
        if call["buttons"]:
            buttons = "".join(f"<span>{escape(label)}</span>" for label in call["buttons"])
            yield f'<div class="buttons">{buttons}</div>'


if __name__ == "__main__":
    screens = "\n".join(screen(typed, answers(before, typed), end=end) for before, typed, end in SCREENS)
    sys.stdout.write(f'<!DOCTYPE html>\n<meta charset="utf-8">\n<style>{_STYLE}</style>\n{screens}\n')
