"""The signature of a channel: the lines it puts under (or over) its posts, learned from its own posts.

Two witnesses. The channel: a line that keeps coming back at the end of different posts, with the same target under it,
is decoration; the same words with another target each time ("Read the article") are a source, with other numbers each
time ("Euro: 97.10") a table, and stay. And what all channels do: a short call to subscribe, to send news in or to
boost, pointing at a channel, is one on first sight. Only the ends of a post are looked at, never its middle, and a post
made of nothing else stays whole.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from zlib import crc32

from core.model import Link
from ingest.cleaning.calls import CHANNEL_URL, ITEM, SENTENCE, is_call, is_plug
from ingest.cleaning.kind import is_advert
from ingest.cleaning.phrases import joins

MOST_FORMS = 200  # line forms that a model keeps

_TAIL = 2000  # characters looked at when learning
_TAIL_LINES = 4
_TAIL_OF_SHORT_LINES = 8
_SHORT_LINE = 100  # characters: longer ones are seldom among many lines of a signature
_CONTEXT_LINES = 3
_HEAD = 100  # characters by which posts are told apart, too: before the last line of a long signature stand its others
_MOST_STRIPPED = 10  # lines that a signature can have
_TAGS_AMONG = 3  # lines at the end of what is kept
_LONGEST_LINE = 200  # characters; what is longer is prose
_LONGEST_FORM = 120
_LONGEST_FOOTER = 14  # words; a longer line that comes back a few times is a campaign, which the post tells of
_HALVED_AT = 2000  # posts; then all counts are halved, so that a new footer takes over from an old one
_CONTEXTS = 4  # different lines before it that are remembered
_TARGETS = 3

_SEEN = 3  # times, with as many different lines before it, before recurrence means anything
_SHARE_WITH_LINK = 0.02  # of the posts, for a line with one target
_SHARE_PLAIN = 0.25  # for words alone
_SHARE_HANDLE = 0.1  # for a lone @name, or one after the last sentence
_LONGEST_LABEL = 6  # words of a line that stands above a line of the signature

_WORD = re.compile(r"[^\W\d_]+")  # what else an item can be needs a sign
_HANDLE_END = re.compile(r"\s(@\w{4,32})\W*$")
_RUBRIC = re.compile(r"\W*\[[^\]\n]{2,40}\]\W*")

_HANDLE = re.compile(r"@\w{4,32}")
_OPENS = re.compile(r"[:👇⬇→➡]\ufe0f?\s*$")  # a line that points at the next
_OURS = re.compile(r"\b(?:наш\w*|our)\b")
_CONTEST = re.compile(r"розыгрыш|участ|конкурс|приз|giveaway|contest|выигра")
_LISTED = re.compile(r"\s*\d+[.)]\s")


class Form(NamedTuple):
    """How often a line came in other posts; what stood before it, and what was linked or, where nothing was, which
    numbers it had, as checksums."""

    times: int
    contexts: tuple[int, ...] = ()
    targets: tuple[int, ...] = ()


_UNSEEN = Form(0)


@dataclass(frozen=True, slots=True)
class SignatureModel:
    """What is known of one channel's ends of posts. Start with `SignatureModel()`; `learn` gives the next one."""

    posts: int = 0
    forms: dict[str, Form] = field(default_factory=dict)

    def document(self) -> dict[str, object]:
        """The model as JSON can hold it; forms in a list, for their order tells what came last, and PostgreSQL does not
        keep that of keys."""
        return {"posts": self.posts, "forms": [[form, *seen] for form, seen in self.forms.items()]}

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "SignatureModel":
        """Raises ValueError for what `document` has not given, now or when it gave the forms as an object."""
        data: Any = document
        try:
            rows = data["forms"]
            if isinstance(rows, dict):
                rows = [[form, *seen] for form, seen in rows.items()]
            forms = {
                str(form): Form(int(count), tuple(map(int, contexts)), tuple(map(int, targets)))
                for form, count, contexts, targets in rows
            }
            return cls(int(data["posts"]), forms)
        except (TypeError, KeyError) as error:
            raise ValueError("not a signature model") from error


def learn(model: SignatureModel, posts: Iterable[tuple[str, Sequence[Link]]]) -> SignatureModel:
    """The model after more posts of the channel, each as (text, links). Its size is bounded."""
    forms = dict(model.forms)
    count = model.posts
    for text, links in posts:
        if not text or text.isspace():
            continue
        count += 1
        for form, context, target in _units(text, links):
            seen = forms.pop(form, _UNSEEN)  # put back at the end: the order tells what came last
            forms[form] = Form(
                seen.times + 1,
                _with(seen.contexts, context, _CONTEXTS),
                _with(seen.targets, target, _TARGETS) if target else seen.targets,
            )
        if len(forms) > 20 * MOST_FORMS:
            forms = _pruned(forms)
    if count >= _HALVED_AT:
        count //= 2
        forms = {
            form: Form(seen.times // 2, seen.contexts, seen.targets) for form, seen in forms.items() if seen.times > 1
        }
    return SignatureModel(count, _pruned(forms))


def strip(text: str, links: Sequence[Link], model: SignatureModel, own: Sequence[str] = ()) -> str:
    """`text` without the channel's signature; `own` are names of the channel itself (handle, title). The result is
    made of lines of `text`, or is `text` itself where nothing else would remain."""
    lines = text.split("\n")
    judge = _Judge(text, links, model, _names(tuple(own)))
    end = judge.end(lines)
    start = judge.start(lines, end)
    kept = _without_tags(lines[start:end])
    if kept:
        kept[-1] = judge.without_suffix(kept[-1])
    body = "\n".join(kept).strip()
    return body if any(map(str.isalnum, body)) else text.strip()


@lru_cache(maxsize=1024)
def _names(own: tuple[str, ...]) -> frozenset[str]:
    """The forms under which a channel names itself."""
    forms: set[str] = set()
    for name in filter(None, own):
        handle = name.lower().lstrip("@")
        forms |= {f"@{handle}", f"https://t.me/{handle}", _form(f"t.me/{handle}"), _form(name)}
    return frozenset(forms)


def _calls(line: str) -> bool:
    """Whether these few words alone call upon readers to join."""
    return len(line) <= _LONGEST_LINE and _items(line).count(" ") < _LONGEST_LABEL and joins(line)


class _Judge:
    """Tells signature from content, for one post."""

    def __init__(self, text: str, links: Sequence[Link], model: SignatureModel, names: frozenset[str]) -> None:
        self._text = text
        self._links = links
        self._model = model
        self._names = names

    def end(self, lines: list[str]) -> int:
        """Where the content ends."""
        end = len(lines)
        at = end
        for _ in range(_MOST_STRIPPED):
            while at and not _has_words(lines[at - 1]):
                at -= 1
            if not at:
                break
            below = lines[end] if end < len(lines) else ""
            if self._decorates(lines[at - 1], below) or (below and self._labels_what_follows(lines[at - 1])):
                at -= 1
            elif above := self._opens(lines, at - 1):
                at = above
            else:
                break
            end = at
        return end

    def _opens(self, lines: list[str], at: int) -> int:
        """Where a call begins that points at the lone address in line `at`, "Subscribe to our channel:"; 0: nowhere."""
        address = lines[at].strip()
        if not (CHANNEL_URL.match(address) or _HANDLE.fullmatch(address)):
            return 0
        above = at - 1
        while above > 0 and not _has_words(lines[above]):
            above -= 1
        if above < 1 or not (_OPENS.search(lines[above]) or _calls(lines[above])):
            return 0
        line = lines[above].casefold()
        if _OURS.search(line) and not _CONTEST.search(line):
            return above
        return above if self._is_signature(f"{lines[above]} {address}") else 0

    def _labels_what_follows(self, line: str) -> bool:
        """Whether these few words point at what is below and keep coming back above signatures: "Our pages:". Words
        that point at nothing ("Nobody was hurt") are how posts end."""
        if len(line) > _LONGEST_LINE or not _OPENS.search(line):
            return False
        form = _form(line)
        if not form or form.count(" ") >= _LONGEST_LABEL:
            return False
        seen = self._model.forms.get(form)
        if seen is None or seen.times < _SEEN or len(seen.contexts) < _SEEN or seen.targets:
            return False
        return seen.times >= _SHARE_WITH_LINK * self._model.posts and not _CONTEST.search(line.casefold())

    def start(self, lines: list[str], end: int) -> int:
        """Where the content begins: after a line of hashtags, or a rubric in brackets."""
        start = 0
        for at in range(end):
            line = lines[at]
            if line.strip():
                if not (_hashtags_only(line) or self._is_rubric(line)):
                    break
                start = at + 1
        return start

    def _is_rubric(self, line: str) -> bool:
        if len(line) > _LONGEST_LINE or not _RUBRIC.fullmatch(line):
            return False
        return line.upper() == line or self._count(f"^{_form(line)}") >= _SEEN

    def without_suffix(self, line: str) -> str:
        """The last line without a signature that follows its last sentence."""
        if len(line) > 20 * _LONGEST_LINE or _LISTED.match(line):
            return line
        if found := _HANDLE_END.search(line[-60:]):
            handle = found[1].lower()
            if handle in self._names or self._share(handle) >= _SHARE_HANDLE:
                line = line[: len(line) - len(line[-60:]) + found.start()].rstrip()
        last = _last_sentence(line)
        if last and self._is_signature(line[last:]):
            line = line[:last].rstrip()
        return line

    def _decorates(self, line: str, below: str) -> bool:
        if self._is_signature(line):
            return True
        if not below:
            return False
        bare = line.strip(" \t—–-|")  # the first line of a label that goes on in the signature below it
        return bool(bare) and any(
            "\n" in link.label and bare in link.label and below.strip() in link.label for link in self._links
        )

    def _is_signature(self, line: str) -> bool:
        if len(line) > _LONGEST_LINE:
            return False
        if _hashtags_only(line):
            return True
        folded = line.casefold()
        if _CONTEST.search(folded) or _LISTED.match(folded):
            return False
        words = _items(line).split()
        targets = _targets(line, self._links)
        if self._recurs(_form(line), targets):
            return True
        called = is_call(folded.replace("\xa0", " "), line, words, targets) or is_plug(line, self._labels(line))
        # In an advertisement a call to subscribe is what the post is about.
        return called and not is_advert(self._text)

    def _labels(self, line: str) -> list[tuple[str, str]]:
        return [(link.label.strip(), link.url) for link in self._links[-32:] if link.label and link.label in line]

    def _recurs(self, form: str, targets: list[str]) -> bool:
        if form and form in self._names:
            return True
        seen = self._model.forms.get(form)
        if seen is None or seen.times < _SEEN or len(seen.contexts) < _SEEN:
            return False
        share = seen.times / max(self._model.posts, 1)
        if form.startswith("@") and " " not in form:
            return share >= _SHARE_HANDLE
        if not targets:  # nor other numbers each time: those of a table, "Euro: 97.10"
            return share >= _SHARE_PLAIN and len(seen.targets) < _TARGETS
        an_address = form.startswith("http") and len(form) < _LONGEST_FORM  # it is written in more ways than one
        if len(seen.targets) >= _TARGETS and not an_address:
            return False
        if share >= _SHARE_WITH_LINK:
            return True
        return form.count(" ") < _LONGEST_FOOTER and any(CHANNEL_URL.match(url) for url in targets)

    def _count(self, form: str) -> int:
        seen = self._model.forms.get(form)
        return seen.times if seen else 0

    def _share(self, form: str) -> float:
        return self._count(form) / self._model.posts if self._model.posts >= 2 * _SEEN else 0.0


def _units(text: str, links: Sequence[Link]) -> Iterable[tuple[str, int, int]]:
    """What of a post may be signature: (form, checksum of what stands before it, of its target or numbers), each form
    once."""
    units: dict[str, tuple[str, int, int]] = {}

    def add(form: str, before: str, line: str) -> None:
        if form and form not in units:
            told = " ".join(_targets(line, links)) if links else ""
            told = told or "".join(filter(str.isdecimal, line))
            units[form] = (form, _checksum(before, beginning), _checksum(told) if told else 0)

    beginning = _checksum(_form(text[:_HEAD]))  # without figures: a daily rate tells no two posts apart
    lines = _tail(text[-_TAIL:])
    forms = [_form(line) if len(line) <= _LONGEST_LINE else line[-_LONGEST_LINE:] for line in lines]
    for at in range(max(len(lines) - _tail_lines(lines), 0), len(lines)):
        if len(lines[at]) <= _LONGEST_LINE:
            # More than one line: the second line of a footer always has the first before it.
            add(forms[at], "\n".join(forms[max(at - _CONTEXT_LINES, 0) : at]), lines[at])
    if lines:
        last = lines[-1][-1000:]
        if "@" in last[-60:] and (found := _HANDLE_END.search(last[-60:])):
            add(found[1].lower(), last, last[-60:])
        cut = _last_sentence(last)
        if cut and len(last) - cut <= _LONGEST_LINE:
            add(_form(last[cut:]), last[:cut], last[cut:])
    if "[" in text[:_LONGEST_LINE]:
        head = text[:_LONGEST_LINE].lstrip().partition("\n")[0]
        if _RUBRIC.fullmatch(head):
            add(f"^{_form(head)}", "", "")
    return units.values()


def _tail(text: str) -> list[str]:
    """The last lines that have words, as many as are looked at and stand before those."""
    lines: list[str] = []
    for line in reversed(text.split("\n")):
        if _has_words(line):
            lines.append(line)
            if len(lines) == _TAIL_OF_SHORT_LINES + _CONTEXT_LINES or (
                len(lines) >= _TAIL_LINES + _CONTEXT_LINES and len(line) > _SHORT_LINE
            ):
                break
    return lines[::-1]


def _tail_lines(lines: Sequence[str]) -> int:
    """How many of these last lines may be signature."""
    short = 0
    while short < min(len(lines), _TAIL_OF_SHORT_LINES) and len(lines[-1 - short]) <= _SHORT_LINE:
        short += 1
    return max(short, _TAIL_LINES)


def _last_sentence(line: str) -> int:
    """Where the last sentence of a line begins, 0 where it is the first or too long to be a signature."""
    start = 0
    for sentence in SENTENCE.finditer(line, max(0, len(line) - 2 * _LONGEST_LINE)):
        start = sentence.end()
    return start


def _checksum(text: str, start: int = 0) -> int:
    return crc32(text.encode("utf-8", "replace"), start)


@lru_cache(8192)  # learning and stripping look at the same lines of a thousand posts, and channels repeat theirs
def _items(line: str) -> str:
    """The words, names and addresses of a line, in lower case, a blank between them."""
    folded = line.casefold()
    of_words_alone = "#" not in folded and "@" not in folded and "://" not in folded
    return " ".join((_WORD if of_words_alone else ITEM).findall(folded))


def _form(line: str) -> str:
    """A line as it is compared: its items, without digits, emoji and punctuation."""
    return _items(line)[:_LONGEST_FORM]


def _targets(line: str, links: Sequence[Link]) -> list[str]:
    """The addresses that a line leads to."""
    bare = line.strip()
    return [
        link.url
        for link in links[-32:]
        if (link.label and (link.label in line or ("\n" in link.label and bare and bare in link.label)))
        or (not link.label and link.url in line)
    ]


def _has_words(line: str) -> bool:
    return any(map(str.isalnum, line))


def _hashtags_only(line: str) -> bool:
    if "#" not in line:
        return False
    items = line.split()
    tags = [item for item in items if item.startswith("#") and _has_words(item)]
    return (
        bool(tags)
        and not line.rstrip().endswith(":")
        and not any(_has_words(item) for item in items if not item.startswith("#"))
    )


def _without_tags(lines: list[str]) -> list[str]:
    """Without the lines of hashtags among the last three that say anything: a source or a link may stand below them."""
    kept, left = list(lines), _TAGS_AMONG
    for at in range(len(kept) - 1, -1, -1):
        if not left:
            break
        if _hashtags_only(kept[at]):
            del kept[at]
        elif _has_words(kept[at]):
            left -= 1
    return kept


def _with(values: tuple[int, ...], value: int, most: int) -> tuple[int, ...]:
    return values if value in values or len(values) >= most else (*values, value)


def _pruned(forms: dict[str, Form]) -> dict[str, Form]:
    """The forms seen most, and some of those seen last, which may yet come back."""
    if len(forms) <= MOST_FORMS:
        return forms
    newest = list(forms)[-MOST_FORMS // 4 :]
    often = sorted(forms, key=lambda form: forms[form].times, reverse=True)[: MOST_FORMS - len(newest)]
    kept = {*newest, *often}
    return {form: seen for form, seen in forms.items() if form in kept}
