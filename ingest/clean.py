"""The door of cleaning: a `NewPost` becomes a `CleanPost`. Pure; whatever the post holds, what comes out can be stored,
shown and compared.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from core.model import CleanPost, Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction
from ingest.fingerprint import fingerprint
from ingest.kind import kind_of
from ingest.language import language_of
from ingest.signature import SignatureModel, learn, strip
from ingest.urls import LONGEST_URL, strip_tracking_in

LONGEST_TEXT = 1 << 16  # characters; Telegram allows 4,096 a message, an import may hold anything
MOST_LINKS = 500
LONGEST_NAME = 1024  # characters of a title, an author, a button

# Controls, halves of surrogate pairs, marks that turn or hide text, non-characters. The zero-width joiners stay: emoji
# and Persian are written with them.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e001f]"
)
_ODD_BREAK = re.compile("\r\n?|[\x85\u2028\u2029\x0b\x0c]")
_ODD_BLANK = re.compile("[\t\xa0\u2000-\u200a\u202f\u205f\u3000]")
_BLANK_AT_END = re.compile(r"(?<! ) ++\n")
_EMPTY_LINES = re.compile(r"\n{3,}")
_PLAIN = re.compile(r"[ -~а-яА-ЯёЁ\n«»—–…“”№]*+\Z")


def clean(post: NewPost, signature: SignatureModel) -> CleanPost:
    """The post with storable text, and what is read from it: body, language, fingerprint, kind.

    `signature` is what `learn` made of the channel's posts; an empty model removes only what any channel would write.
    """
    return _read(_storable(post), signature)


def clean_all(
    posts: Iterable[NewPost], signatures: dict[str, SignatureModel] | None = None
) -> tuple[list[CleanPost], dict[str, SignatureModel]]:
    """A batch, in order: each channel's signature is learned from its posts of the batch first, on top of
    `signatures` (by channel, lower case). Gives the posts and the models to keep."""
    storable = [_storable(post) for post in posts]
    models = dict(signatures or {})
    by_channel: dict[str, list[NewPost]] = {}
    for post in storable:
        by_channel.setdefault(post.channel.lower(), []).append(post)
    for channel, own in by_channel.items():
        models[channel] = learn(models.get(channel, SignatureModel()), ((post.text, post.links) for post in own))
    return [_read(post, models[post.channel.lower()]) for post in storable], models


def _read(post: NewPost, signature: SignatureModel) -> CleanPost:
    stripped = strip(post.text, post.links, signature, (post.channel, post.channel_title or ""))
    body = strip_tracking_in(stripped)
    kind, _ = kind_of(post, body)
    return CleanPost(post=post, body=body, language=language_of(body), fingerprint=fingerprint(body), kind=kind)


def tidy(text: str, longest: int = LONGEST_TEXT) -> str:
    """Text that any database takes and any screen shows as it is read: without controls, bidirectional overrides and
    hidden signs, with plain blanks and line breaks, at most one empty line running, cut at `longest` characters."""
    text = text[:longest]
    if not _PLAIN.match(text):
        text = _ODD_BREAK.sub("\n", text)
        text = _UNWANTED.sub("", text)
        text = _ODD_BLANK.sub(" ", text)
    if " \n" in text:
        text = _BLANK_AT_END.sub("\n", text)
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip()


def _storable(post: NewPost) -> NewPost:
    """The post with every text in it tidied. Nothing is copied that was clean."""
    changes: dict[str, object] = {
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
        "reactions": tuple(Reaction(emoji=tidy(r.emoji, 64), count=r.count) for r in post.reactions[:64]),
    }
    changed = {name: value for name, value in changes.items() if value != getattr(post, name)}
    return replace(post, **changed) if changed else post  # type: ignore[arg-type]


def _name(name: str | None) -> str | None:
    return name if name is None else _line(name)


def _line(text: str, longest: int = LONGEST_NAME) -> str:
    return " ".join(tidy(text, longest).split("\n"))


def _links(links: tuple[Link, ...]) -> tuple[Link, ...]:
    if not links:
        return links
    return tuple(
        Link(url=url, label=tidy(link.label, LONGEST_NAME))
        for link in links[:MOST_LINKS]
        if 0 < len(url := tidy(link.url, LONGEST_URL + 1)) <= LONGEST_URL
    )


def _forward(forward: Forward) -> Forward:
    return Forward(name=_name(forward.name), url=_name(forward.url))


def _poll(poll: Poll) -> Poll:
    options = tuple(_line(option) for option in poll.options[:32])
    return Poll(question=_line(poll.question), type=_line(poll.type, 64), options=options)


def _preview(preview: LinkPreview) -> LinkPreview:
    description = preview.description
    return LinkPreview(
        url=_line(preview.url, LONGEST_URL),
        site=_name(preview.site),
        title=_name(preview.title),
        description=description if description is None else tidy(description, LONGEST_TEXT),
    )


def _media(media: Media) -> Media:
    if not media.documents:
        return media
    return replace(media, documents=tuple(_line(title) for title in media.documents[:MOST_LINKS]))
