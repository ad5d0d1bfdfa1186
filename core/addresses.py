"""Addresses on Telegram, `t.me/…` and `tg://…`: what an address leads to, by its form alone. Pure.

The forms are those of core.telegram.org/api/links; telegram.me and telegram.dog are the same host under other names.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, unquote, urlencode

from core.errors import BadInput

_WEB = re.compile(
    r"(?:https?:)?(?://)?(?:([a-z0-9_-]{1,40})\.)?(?:t\.me|telegram\.(?:me|dog))(?::\d{2,3})?(?=[/?#]|$)"
    r"([^?#]*)(?:\?([^#]*))?(?:#.*)?",
    re.IGNORECASE | re.DOTALL,
)
_APP = re.compile(r"tg:(?://)?([a-z_]+)/?\?([^#]*)(?:#.*)?", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r"[A-Za-z](?:_?[A-Za-z0-9]){3,31}")
_NAME_START = re.compile(r"([A-Za-z0-9_]+)(?![A-Za-z0-9@%-]|\.[A-Za-z0-9])")
_HASH = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PHONE = re.compile(r"\+?\d{5,15}")
_NUMBER = re.compile(r"\d{1,10}")
_PRIVATE = re.compile(r"c/\d{1,20}")
_LONGEST: Final = 4096

# First words of a path that are no names.
_STICKER_WORDS: Final = frozenset({"addstickers", "addemoji"})
_OTHER_WORDS: Final = frozenset(
    {"proxy", "socks", "addtheme", "setlanguage", "bg", "login", "confirmphone", "contact"}
    | {"m", "giftcode", "nft", "call", "invoice"}
)
_SPECIAL_WORDS: Final = frozenset({"joinchat", "addlist", "share", "msg", "iv", "boost", "c", "s"})
_RESERVED: Final = _OTHER_WORDS | _STICKER_WORDS | _SPECIAL_WORDS
_BOT_KEYS: Final = frozenset({"start", "startapp", "startgroup", "startchannel", "startattach", "attach", "game"})


class Form(StrEnum):
    """What an address is by its form. A `NAME` may still turn out to be a group or a person: its landing page tells."""

    NAME = "name"
    POST = "post"
    MENTION = "mention"
    BOOST = "boost"
    BOT = "bot"
    PRIVATE_POST = "private_post"
    INVITE = "invite"
    FOLDER = "folder"
    SHARE = "share"
    STICKERS = "stickers"
    PHONE = "phone"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address, read. `url` is its one spelling; `name` the public name (`c/<number>` of a private channel), `post` a
    message id; `shared` is the text that a share link passes on, which may hold addresses itself."""

    form: Form
    url: str
    name: str | None = None
    post: int | None = None
    shared: str | None = None


def read_address(address: str) -> Address | None:
    """What an address leads to; None if it is not Telegram's, or leads nowhere (`t.me`, a name that cannot be)."""
    address = address.strip()[:_LONGEST]
    if match := _APP.fullmatch(address):
        return _app(match.group(1).lower(), _query(match.group(2)))
    if match := _WEB.fullmatch(address):
        subdomain, path, query = match.groups()
        words = [word for word in unquote(path).split("/") if word]
        if subdomain and subdomain.lower() != "www":
            words.insert(0, subdomain)
        return _web(words, _query(query or "")) if words else None
    return None


def is_name(name: str) -> bool:
    """Whether this can be a public name: 4 to 32 Latin letters, digits and single underscores, a letter first."""
    return len(name) <= 32 and _NAME.fullmatch(name) is not None and name.lower() not in _RESERVED


def channel_name(value: str) -> str:
    """The name that an administrator means by "foo", "@foo", "t.me/foo", "https://t.me/s/foo/12" or "c/123".

    Raises BadInput for anything else; what is returned holds letters, digits, `_` and the `/` of `c/`, no more.
    """
    value = value.strip()
    name = value.removeprefix("@")
    if is_name(name) or _PRIVATE.fullmatch(name):
        return name
    shown = repr(value if len(value) <= 60 else f"{value[:60]}…")
    address = read_address(value)
    if address is not None and address.name is not None:
        return address.name
    if address is not None:
        raise BadInput(shown, f"this is a link of another kind ({address.form}), not the name of a channel")
    raise BadInput(
        shown, "is no name of a channel: give it as name (4 to 32 letters, digits and _), @name or https://t.me/name"
    )


def _web(words: list[str], query: dict[str, str]) -> Address | None:
    first, rest = words[0], words[1:]
    word = first.lower()
    if first.startswith("+"):
        return _invite(first[1:])
    if word in {"joinchat", "addlist", "boost"}:
        return _app({"joinchat": "join"}.get(word, word), {"invite": "", "domain": "", **query, **_slug(word, rest)})
    if word == "c":
        return _private(rest)
    if word in {"share", "msg", "iv"}:
        return _shared(word, query)
    if word in _STICKER_WORDS or word in _OTHER_WORDS or first.startswith("$"):
        form = Form.STICKERS if word in _STICKER_WORDS else Form.OTHER
        return Address(form=form, url="https://t.me/" + "/".join(words[:2]))
    return _named(rest[0], rest[1:], query) if word == "s" and rest else _named(first, rest, query)


def _slug(word: str, rest: list[str]) -> dict[str, str]:
    key = {"joinchat": "invite", "addlist": "slug", "boost": "domain"}[word]
    return {key: rest[0]} if rest else {}


def _app(action: str, query: dict[str, str]) -> Address | None:
    if action == "resolve" and "domain" in query:
        return _named(query["domain"], [query["post"]] if "post" in query else [], query)
    if action == "resolve" and _PHONE.fullmatch(query.get("phone", "").strip()):
        return _invite(query["phone"].strip().removeprefix("+"))
    if action == "join":
        return _invite(query.get("invite", ""))
    if action == "addlist":
        match = _HASH.match(query.get("slug", ""))
        return Address(form=Form.FOLDER, url=f"https://t.me/addlist/{match.group()}") if match else None
    if action == "boost" and query.get("domain"):
        return _named(query["domain"], [], {"boost": ""})
    if action == "privatepost":
        return _private([query.get("channel", ""), query.get("post", "")])
    if action in {"msg", "msg_url", "share"}:
        return _shared("share", query)
    if action in _STICKER_WORDS:
        return Address(form=Form.STICKERS, url=f"https://t.me/{action}/{query.get('set', '')[:64]}")
    return Address(form=Form.OTHER, url=f"tg://{action}")


def _named(name: str, rest: list[str], query: dict[str, str]) -> Address | None:
    match = _NAME_START.match(name)
    name = match.group(1).rstrip("_") if match else ""
    if not is_name(name):
        return None
    url = f"https://t.me/{name}"
    numbers = [word for word in map(_number, rest[:2]) if word]
    if numbers and _number(rest[0]):  # name/12, or name/topic/12 in a group
        return Address(form=Form.POST, url=f"{url}/{numbers[-1]}", name=name, post=numbers[-1])
    if "boost" in query:
        return Address(form=Form.BOOST, url=url, name=name)
    is_app = bool(rest) and not numbers
    is_bot = is_app or not _BOT_KEYS.isdisjoint(query) or name.lower().endswith("bot")
    return Address(form=Form.BOT if is_bot else Form.NAME, url=url, name=name)


def _invite(text: str) -> Address | None:
    """`t.me/+…` is an invite or, all digits, a person by telephone number."""
    match = _HASH.match(text)
    if match is None and not _PHONE.fullmatch(text):
        return None
    code = match.group() if match else text
    form = Form.PHONE if _PHONE.fullmatch(code) else Form.INVITE
    return Address(form=form, url=f"https://t.me/+{code}")


def _private(words: list[str]) -> Address | None:
    numbers = [number for number in map(_number, words[:3]) if number]
    if not numbers:
        return None
    channel, post = f"c/{numbers[0]}", numbers[-1] if len(numbers) > 1 else None
    url = f"https://t.me/{channel}/{post}" if post else f"https://t.me/{channel}"
    return Address(form=Form.PRIVATE_POST, url=url, name=channel, post=post)


def _shared(word: str, query: dict[str, str]) -> Address:
    shared = f"{query.get('url', '')} {query.get('text', '')}".strip()
    form, path = (Form.OTHER, "iv") if word == "iv" else (Form.SHARE, "share/url")
    return Address(form=form, url=f"https://t.me/{path}?{urlencode({'url': query.get('url', '')})}", shared=shared)


def _number(text: str) -> int | None:
    match = _NUMBER.match(text)
    return int(match.group()) or None if match else None


def _query(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text.replace("&amp;", "&"), keep_blank_values=True, max_num_fields=50))
    except ValueError:
        return {}
