"""The door of cleaning: a `NewPost` becomes a `CleanPost`. Pure; whatever the post holds, what comes out can be stored,
shown and compared.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.model import CleanPost, FactCheck, Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction
from ingest.cleaning.cues import wording
from ingest.cleaning.fingerprint import fingerprints, said, says_all
from ingest.cleaning.kind import kind_of
from ingest.cleaning.language import language_of
from ingest.cleaning.signature import SignatureModel, learn, strip
from ingest.urls import LONGEST_URL, strip_tracking_in

LONGEST_TEXT = 1 << 16  # characters; Telegram allows 4,096 a message, an import may hold anything
MOST_LINKS = 500
MOST_REACTIONS = 64
_TOGETHER = 128  # posts that are read at once: the words of more leave the processor's cache
LONGEST_QUOTE = 4096  # characters of a quoted passage, of a fact-check note
LONGEST_NAME = 1024  # characters of a title, an author, a button

# Controls, halves of surrogate pairs, marks that turn or hide text, non-characters. The zero-width joiners stay: emoji
# and Persian are written with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e001f]"
)
_ODD_BREAK = re.compile("[\r\x85\u2028\u2029\x0b\x0c](?:(?<=\r)\n)?")
_ODD_BLANK = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_EMPTY_LINES = re.compile(r"\n{3,}")


def clean(post: NewPost, signature: SignatureModel) -> CleanPost:
    """The post with storable text, and what is read from it: body, language, fingerprint, kind.

    `signature` is what `learn` made of the channel's posts; an empty model removes only what any channel would write.
    """
    stored = _storable(post)
    return _read((stored,), (signature,))[0]


def clean_all(
    posts: Iterable[NewPost],
    signatures: Mapping[str, SignatureModel] | None = None,
    learns_from: Callable[[NewPost], bool] = lambda _: True,
) -> tuple[list[CleanPost], dict[str, SignatureModel]]:
    """A batch, in order: each channel's signature is learned first from those of its posts that `learns_from` names,
    on top of `signatures` (by channel, lower case). Gives the posts and the models to keep. Half again as fast as
    `clean` for each."""
    stored = [_storable(post) for post in posts]
    models = dict(signatures or {})
    by_channel: dict[str, list[tuple[str, tuple[Link, ...]]]] = {post.channel.lower(): [] for post in stored}
    for post in filter(learns_from, stored):
        by_channel[post.channel.lower()].append((post.text, post.links))
    for channel, own in by_channel.items():
        known = models.setdefault(channel, SignatureModel())
        if own:
            models[channel] = learn(known, own)
    cleaned: list[CleanPost] = []
    for at in range(0, len(stored), _TOGETHER):
        together = stored[at : at + _TOGETHER]
        cleaned += _read(together, [models[post.channel.lower()] for post in together])
    return cleaned, models


def body_of(post: NewPost, signature: SignatureModel) -> str:
    """What `clean` would give as the post's body, for a post that has been through it."""
    return strip_tracking_in(strip(post.text, post.links, signature, (post.channel, post.channel_title or "")))


def _read(posts: Sequence[NewPost], signatures: Sequence[SignatureModel]) -> list[CleanPost]:
    """What is read from posts with storable text; all their fingerprints at once."""
    bodies = [body_of(post, signature) for post, signature in zip(posts, signatures, strict=True)]
    used = [wording(said(body)) for body in bodies]
    languages = [language_of(body) for body in bodies]
    kinds = list(map(kind_of, posts, bodies, used, languages))
    return [
        CleanPost(
            post=post,
            body=body,
            language=language,
            fingerprint=value,
            kind=kind,
            rule=rule,
            stems=tuple(stems) if says_all(body) else None,
        )
        for post, body, language, (kind, rule), (_, stems, _, _), value in zip(
            posts, bodies, languages, kinds, used, fingerprints([words for words, *_ in used]), strict=True
        )
    ]


def tidy(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text that any database takes and any screen shows as it is read: without controls, bidirectional overrides and
    hidden signs, with plain blanks and line breaks, at most one empty line running, cut at `longest` characters."""
    text = text[:longest]
    if text.isprintable():  # one line, and no sign in it but letters, marks, figures and plain blanks
        return text.strip()
    if not text.replace("\n", " ").isprintable():
        text = _ODD_BREAK.sub("\n", text)
        text = _UNWANTED.sub("", text)
        text = _ODD_BLANK.sub(" ", text)
    if " \n" in text:
        text = "\n".join([line.rstrip(" ") for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip()


def _storable(post: NewPost) -> NewPost:
    """The post with every text in it tidied. Nothing is copied that was clean."""
    changes: dict[str, Any] = {
        "text": tidy(post.text),
        "links": _links(post.links),
        "buttons": _links(post.buttons),
        "channel_title": _name(post.channel_title),
        "author": _name(post.author),
        "via_bot": _name(post.via_bot),
        "reply_to": _name(post.reply_to),
        "forwarded_from": post.forwarded_from and _forward(post.forwarded_from),
        "poll": post.poll and _poll(post.poll),
        "preview": post.preview and _preview(post.preview),
        "media": _media(post.media),
        "files": post.files and tuple(filter(None, map(_line, post.files[:MOST_LINKS]))),
        "reactions": _reactions(post.reactions),
        "quote": post.quote and (tidy(post.quote, LONGEST_QUOTE) or None),
        "fact_check": post.fact_check and _fact_check(post.fact_check),
    }
    changed = {
        name: value for name, value in changes.items() if value is not (old := getattr(post, name)) and value != old
    }
    return replace(post, **changed) if changed else post


def _name(name: str | None) -> str | None:
    return name if name is None else _line(name)


def _line(text: str, longest: int = LONGEST_NAME) -> str:
    return " ".join(tidy(text, longest).split("\n"))


def _links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    if not links:
        return links
    return tuple([
        link if url == link.url and label == link.label else Link(url=url, label=label)
        for link in links[:MOST_LINKS]
        if 0 < len(url := tidy(link.url, LONGEST_URL + 1)) <= LONGEST_URL
        for label in (tidy(link.label, LONGEST_NAME) if link.label else "",)
    ])  # fmt: skip


def _reactions(reactions: tuple[Reaction, ...]) -> tuple[Reaction, ...]:
    if not reactions:
        return reactions
    return tuple([
        reaction if emoji == reaction.emoji else Reaction(emoji=emoji, count=reaction.count)
        for reaction in reactions[:MOST_REACTIONS]
        for emoji in (tidy(reaction.emoji, 64),)
    ])  # fmt: skip


def _forward(forward: Forward) -> Forward:
    return Forward(name=_name(forward.name), url=_name(forward.url))


def _poll(poll: Poll) -> Poll:
    options = tuple(_line(option) for option in poll.options[:32])
    return replace(
        poll,
        question=_line(poll.question),
        type=_line(poll.type, 64),
        options=options,
        votes=poll.votes[: len(options)],
        explanation=tidy(poll.explanation, LONGEST_QUOTE),
    )


def _fact_check(note: FactCheck) -> FactCheck:
    return FactCheck(text=tidy(note.text, LONGEST_QUOTE), country=_line(note.country, 64))


def _preview(preview: LinkPreview) -> LinkPreview:
    description = preview.description
    return LinkPreview(
        url=_line(preview.url, LONGEST_URL),
        site=_name(preview.site),
        title=_name(preview.title),
        description=description if description is None else tidy(description, LONGEST_TEXT),
    )


def _media(media: Media) -> Media:
    if not media.documents and not media.performers:
        return media
    return replace(
        media,
        documents=tuple(_line(title) for title in media.documents[:MOST_LINKS]),
        performers=tuple(_line(name) for name in media.performers[:MOST_LINKS]),
    )
