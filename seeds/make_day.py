"""Makes `seeds/day/` out of `seeds/source/`: preview pages, linked articles and the truth about them for tests.

    python seeds/make_day.py [FOLDER]

The same source gives the same bytes. A post of the source (see `seeds/source/channels.toml` for the keys) gets its message
id from its place among its channel's posts, so ids move when a post is put in between; `events.json` moves with them.
"""

import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zlib import crc32

HOME = Path(__file__).parent
PAGE_SIZE = 20  # as t.me/s shows
YEAR_MONTH = (2025, 2)

EMOJI = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[\u231a\u231b\u23e9-\u23f3\u2600-\u2604\u260e\u2611\u2614\u2615\u261d\u2622\u263a"
    "\u2648-\u2653\u2660\u2663\u2665\u2666\u267b\u2693\u2696\u2699\u26a0\u26a1\u26bd\u26c4\u26c5\u26ea\u26f0-\u26f5\u26fd"
    "\u2702\u2705\u2708-\u270d\u2714\u2728\u2744\u274c\u2753\u2757\u2764\u27a1\u2b05-\u2b07\u2b50"
    "\U0001f300-\U0001faff]\ufe0f?(?:\u200d[\u2640\u2642\u2764\U0001f300-\U0001faff]\ufe0f?)*)"
)
INLINE = re.compile(
    r"\*\*(?P<b>.+?)\*\*|__(?P<i>.+?)__|~~(?P<s>.+?)~~|\|\|(?P<spoiler>.+?)\|\||`(?P<code>[^`]+)`"
    r"|!\[(?P<custom>[^\]]+)\]\(tg://emoji\?id=(?P<emoji_id>\d+)\)|\[(?P<label>[^\]]*)\]\((?P<url>[^)\s]+)\)"
    r"|(?P<bare>https?://[^\s<]*[^\s<.,;:)])|(?<![\w/@])#(?P<tag>\w+)|(?<![\w/@.])@(?P<at>[A-Za-z]\w{3,31})"
    rf"|(?P<emoji>{EMOJI})",
    re.DOTALL,
)
TAIL = (
    '<i class="tgme_widget_message_bubble_tail">\n      <svg class="bubble_icon" width="9px" height="20px" viewBox="0 0 9 20">'
    '\n        <g fill="none">\n          <path class="background" fill="#ffffff" d="M8,1 L9,1 L9,20 L8,20 L8,18 C7.807,15.161 '
    "7.124,12.233 5.950,9.218 C5.046,6.893 3.504,4.733 1.325,2.738 L1.325,2.738 C0.917,2.365 0.89,1.732 1.263,1.325 "
    'C1.452,1.118 1.72,1 2,1 L8,1 Z"></path>\n        </g>\n      </svg>\n    </i>'
)
NOT_SUPPORTED = (
    '<div class="message_media_not_supported_wrap">\n  <div class="message_media_not_supported">\n'
    '    <div class="message_media_not_supported_label">This media is not supported in your browser</div>\n'
    '    <span class="message_media_view_in_telegram">VIEW IN TELEGRAM</span>\n  </div>\n</div>'
)


@dataclass(frozen=True, kw_only=True)
class Channel:
    name: str
    title: str
    description: str
    language: str
    subscribers: int
    first_id: int
    signatures: tuple[str, ...]
    reactions: tuple[str, ...]
    verified: bool = False


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post with its place: `raw` holds the keys as they stand in the source, `text` its markdown with the signature."""

    channel: Channel
    id: int
    at: datetime
    text: str
    raw: Mapping[str, Any]

    @property
    def address(self) -> str:
        return f"{self.channel.name}/{self.id}"

    @property
    def url(self) -> str:
        return f"https://t.me/{self.address}"

    def dice(self, what: str, sides: int) -> int:
        """A number below `sides` that is this post's own for good."""
        return crc32(f"{self.channel.name} {self.at:%d%H%M} {what}".encode()) % sides


def short(number: int) -> str:
    """As Telegram writes counts: 842, 12.4K, 1.31M."""
    if number < 1000:
        return str(number)
    if number < 1_000_000:
        return f"{number / 1000:.1f}".removesuffix(".0") + "K"
    return f"{number / 1_000_000:.2f}M"


def telegram_escape(text: str) -> str:
    return escape(text, quote=True).replace("&#x27;", "&#39;").replace("!", "&#33;")


def emoji_html(emoji: str) -> str:
    code = emoji.replace("\ufe0f", "").encode().hex().upper()
    return (
        f'<i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/{code}.png\')"><b>{emoji}</b></i>'
    )


def anchor(url: str, inner: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener">{inner}</a>'


MARKS: dict[str, Callable[[re.Match[str]], str]] = {
    "b": lambda m: f"<b>{inline(m['b'])}</b>",
    "i": lambda m: f"<i>{inline(m['i'])}</i>",
    "s": lambda m: f"<s>{inline(m['s'])}</s>",
    "spoiler": lambda m: f"<tg-spoiler>{inline(m['spoiler'])}</tg-spoiler>",
    "code": lambda m: f"<code>{telegram_escape(m['code'])}</code>",
    "emoji_id": lambda m: f'<tg-emoji emoji-id="{m["emoji_id"]}">{emoji_html(m["custom"])}</tg-emoji>',
    "url": lambda m: anchor(m["url"], inline(m["label"]) or "\u200b"),
    "bare": lambda m: anchor(m["bare"], telegram_escape(m["bare"])),
    "tag": lambda m: f'<a href="?q={quote("#" + m["tag"])}">#{m["tag"]}</a>',
    "at": lambda m: f'<a href="https://t.me/{m["at"]}" target="_blank">@{m["at"]}</a>',
    "emoji": lambda m: emoji_html(m["emoji"]),
}


def inline(text: str) -> str:
    """Markdown as Telegram's clients write it, to the HTML of a preview page; line breaks become `<br/>`."""
    parts, end = [], 0
    for match in INLINE.finditer(text):
        parts += [telegram_escape(text[end : match.start()]), MARKS[str(match.lastgroup)](match)]
        end = match.end()
    return "".join([*parts, telegram_escape(text[end:])]).replace("\n", "<br/>")


def post_html(text: str) -> str:
    """Lines that start with `> ` make a quotation, with `>> ` an expandable one; the rest is `inline`."""
    parts = re.split(r"((?:^>.*(?:\n|\Z))+)", text, flags=re.MULTILINE)
    done = []
    for part in parts:
        if part.startswith(">"):
            opening = "<blockquote expandable>" if part.startswith(">>") else "<blockquote>"
            done.append(opening + inline(re.sub(r"^>+ ?", "", part, flags=re.MULTILINE).rstrip("\n")) + "</blockquote>")
        else:
            done.append(inline(part))
    return "".join(done)


def plain(markdown: str) -> str:
    """What a reader sees of the markdown, without the marks."""
    text = INLINE.sub(
        lambda m: (
            next((plain(m[g]) for g in ("b", "i", "s", "spoiler", "label") if m[g]), m["code"] or m["custom"] or m[0])
            if not (m["url"] and not m["label"])
            else ""
        ),
        markdown,
    )
    return re.sub(r"^>+ ?", "", text, flags=re.MULTILINE)


def at_time(stamp: str, channel: str) -> datetime:
    """`17 11:24` in the month of the day; the seconds are thrown, the same way each time."""
    day, hour, minute = (int(part) for part in re.split("[ :]", stamp))
    return datetime(*YEAR_MONTH, day, hour, minute, crc32(f"{channel} {stamp}".encode()) % 60, tzinfo=UTC)


def read_sources(folder: Path) -> tuple[dict[str, Channel], dict[str, str], list[dict[str, Any]], list[dict[str, Any]]]:
    """Channels, event titles, posts and articles of all source files."""
    channels: dict[str, Channel] = {}
    titles: dict[str, str] = {}
    posts: list[dict[str, Any]] = []
    articles: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, facts in data.get("channels", {}).items():
            facts |= {"signatures": tuple(facts["signatures"]), "reactions": tuple(facts["reactions"])}
            channels[name] = Channel(name=name, **facts)
        titles |= data.get("events", {})
        posts += data.get("posts", [])
        articles += data.get("articles", [])
    return channels, titles, posts, articles


def whole_text(
    raw: Mapping[str, Any], channel: Channel, named: Mapping[str, Mapping[str, Any]], channels: Mapping[str, Channel]
) -> str:
    """A post's markdown: its own, a repost's original under another signature, or a forward's original whole."""
    if origin := raw.get("forward_of"):
        return whole_text(named[origin], channels[named[origin]["channel"]], named, channels)
    text = str(named[raw["same_as"]]["text"] if "same_as" in raw else raw.get("text", "")).strip("\n")
    sign = raw.get("sign", 0)
    if sign is False or not text:
        return text
    return f"{text}\n\n{channel.signatures[sign]}"


def place_posts(raws: Sequence[dict[str, Any]], channels: Mapping[str, Channel]) -> list[Post]:
    """Give each post its id and time, in the order of time."""
    named = {raw["name"]: raw for raw in raws if "name" in raw}
    next_id = {name: channel.first_id for name, channel in channels.items()}
    timed = sorted(((at_time(raw["at"], raw["channel"]), raw["channel"], raw) for raw in raws), key=lambda row: row[:2])
    posts = []
    for at, name, raw in timed:
        text = whole_text(raw, channels[name], named, channels)
        posts.append(Post(channel=channels[name], id=next_id[name], at=at, text=text, raw=raw))
        next_id[name] += max(1, raw.get("album", 1))
    return posts


def picture(post: Post, what: str) -> str:
    return f"https://cdn4.telesco.pe/file/{post.channel.name}-{post.id}-{what}.jpg"


def album_html(post: Post) -> str:
    size = int(post.raw["album"])
    cells = "".join(
        f'<a class="tgme_widget_message_photo_wrap grouped_media_wrap blured js-message_photo" style="left:0px;top:{303 * n}px;'
        f"width:453px;height:301px;margin-right:0px;margin-bottom:2px;background-image:url('{picture(post, str(n + 1))}')\" "
        f'data-ratio="1.5" href="https://t.me/{post.channel.name}/{post.id + n}?single">\n  <div class="grouped_media_helper" '
        'style="left:0;right:0;top:132px;bottom:133px;">\n    <div class="tgme_widget_message_photo grouped_media" '
        'style="left:0;right:0;top:-20px;bottom:-19px;"></div>\n  </div>\n</a>'
        for n in range(size)
    )
    return (
        '<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap" data-margin-w="2" data-margin-h="2" '
        'style="width:453px;">\n  <div class="tgme_widget_message_grouped js-message_grouped" style="padding-top:133.333%">\n'
        '    <div class="tgme_widget_message_grouped_layer js-message_grouped_layer" style="width:453px;height:604px">\n'
        f"      {cells}\n    </div>\n  </div>\n</div>"
    )


def photo_html(post: Post) -> str:
    return (
        f'<a class="tgme_widget_message_photo_wrap" href="{post.url}" style="width:800px;background-image:url('
        f'\'{picture(post, "photo")}\')">\n  <div class="tgme_widget_message_photo" style="padding-top:56.25%"></div>\n</a>'
    )


def video_html(post: Post) -> str:
    source = picture(post, "video").removesuffix(".jpg") + ".mp4"
    return (
        f'<a class="tgme_widget_message_video_player blured js-message_video_player" href="{post.url}">'
        f'<i class="tgme_widget_message_video_thumb" style="background-image:url(\'{picture(post, "thumb")}\')"></i>\n'
        '<div class="tgme_widget_message_video_wrap" style="width:848px;padding-top:56.25%">\n'
        f'  <video src="{source}" class="tgme_widget_message_video js-message_video" width="100%" height="100%"></video>\n'
        '</div>\n<div class="message_video_play js-message_video_play"></div>\n'
        f'<time class="message_video_duration js-message_video_duration">{post.raw["video"]}</time>\n{NOT_SUPPORTED}</a>'
    )


def round_html(post: Post) -> str:
    source = picture(post, "round").removesuffix(".jpg") + ".mp4"
    return (
        '<div class="tgme_widget_message_roundvideo_player js-message_roundvideo_player">\n'
        '  <div class="tgme_widget_message_roundvideo_wrap">\n    <i class="tgme_widget_message_roundvideo_thumb" '
        f"style=\"background-image:url('{picture(post, 'round')}')\"></i>\n    "
        f'<video class="tgme_widget_message_roundvideo js-message_roundvideo" src="{source}" width="100%" height="100%"></video>\n'
        '  </div>\n  <time class="tgme_widget_message_roundvideo_duration js-message_roundvideo_duration">'
        f"{post.raw['round']}</time>\n</div>"
    )


def voice_html(post: Post) -> str:
    source = picture(post, "voice").removesuffix(".jpg") + ".ogg"
    return (
        f'<a class="tgme_widget_message_voice_player js-message_voice_player" href="{post.url}">\n'
        f'  <audio class="tgme_widget_message_voice js-message_voice" src="{source}" width="100%"></audio>\n'
        '  <div class="tgme_widget_message_voice_play accent_bghover"></div>\n'
        '  <div class="tgme_widget_message_voice_wrap">\n    <time class="tgme_widget_message_voice_duration '
        f'js-message_voice_duration">{post.raw["voice"]}</time>\n  </div>\n</a>'
    )


def document_html(post: Post) -> str:
    title, size = post.raw["document"]
    return (
        f'<a class="tgme_widget_message_document_wrap" href="{post.url}">\n'
        '  <div class="tgme_widget_message_document_icon accent_bg"></div>\n  <div class="tgme_widget_message_document">\n'
        f'    <div class="tgme_widget_message_document_title accent_color" dir="auto">{telegram_escape(title)}</div>\n'
        f'    <div class="tgme_widget_message_document_extra" dir="auto">{telegram_escape(size)}</div>\n  </div>\n</a>'
    )


def poll_html(post: Post) -> str:
    poll = post.raw["poll"]
    options = "".join(
        '\n    <div class="tgme_widget_message_poll_option">\n'
        f'      <div class="tgme_widget_message_poll_option_percent">{percent}%</div>\n'
        '      <div class="tgme_widget_message_poll_option_value">\n'
        f'        <div class="tgme_widget_message_poll_option_text">{telegram_escape(text)}</div>\n'
        f'        <div class="tgme_widget_message_poll_option_bar accent_bg" style="width:{percent}%"></div>\n'
        "      </div>\n    </div>"
        for text, percent in poll["options"]
    )
    return (
        '<div class="tgme_widget_message_poll js-poll">\n'
        f'  <div class="tgme_widget_message_poll_question">{telegram_escape(poll["question"])}</div>\n'
        '  <div class="tgme_widget_message_poll_type">Anonymous Poll</div>\n'
        f'  <a class="tgme_widget_message_poll_options" href="{post.url}">{options}\n  </a>\n</div>'
    )


def preview_html(post: Post) -> str:
    card = post.raw["preview"]
    image = f'<i class="link_preview_image" style="background-image:url(\'{picture(post, "card")}\');padding-top:52.5%"></i>'
    return (
        f'<a class="tgme_widget_message_link_preview" href="{escape(card["url"])}">\n'
        f'  <div class="link_preview_site_name accent_color" dir="auto">{telegram_escape(card["site"])}</div>\n  {image}\n'
        f'  <div class="link_preview_title" dir="auto">{telegram_escape(card["title"])}</div>\n'
        f'  <div class="link_preview_description" dir="auto">{telegram_escape(card["description"])}</div>\n</a>'
    )


def forwarded_html(post: Post, named: Mapping[str, Post]) -> str:
    if name := post.raw.get("forward_of"):
        origin = named[name]
        inner = (
            f'<a class="tgme_widget_message_forwarded_from_name" href="{origin.url}"><span dir="auto">'
            f"{telegram_escape(origin.channel.title)}</span></a>"
        )
    elif name := post.raw.get("forward_from"):
        inner = f'<span class="tgme_widget_message_forwarded_from_name"><span dir="auto">{telegram_escape(name)}</span></span>'
    else:
        return ""
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;{inner}</div>\n'


def reply_html(post: Post, named: Mapping[str, Post]) -> str:
    if "reply" not in post.raw:
        return ""
    origin = named[post.raw["reply"]]
    first_line = plain(origin.text).partition("\n")[0]
    return (
        f'<a class="tgme_widget_message_reply user-color-default" href="{origin.url}">\n'
        '  <div class="tgme_widget_message_author accent_color">\n'
        f'    <span class="tgme_widget_message_author_name" dir="auto">{telegram_escape(origin.channel.title)}</span>\n'
        '  </div>\n  <div class="tgme_widget_message_text js-message_reply_text" dir="auto">'
        f"{inline(first_line[:90])}</div>\n</a>"
    )


MEDIA: dict[str, Callable[[Post], str]] = {
    "album": album_html,
    "photo": photo_html,
    "video": video_html,
    "round": round_html,
    "voice": voice_html,
    "document": document_html,
}


def text_html(post: Post) -> str:
    if not post.text:
        return ""
    opening = '<div class="tgme_widget_message_text js-message_text" dir="auto">'
    inner = post_html(post.text)
    if "album" in post.raw or "forward_of" in post.raw:  # the site wraps these twice
        inner = f"{opening}{inner}</div>"
    return f"{opening}{inner}</div>"


def reactions_html(post: Post) -> str:
    views, kinds = views_of(post), post.channel.reactions
    if not kinds or "service_message" in post.raw:
        return ""
    spans = []
    for n, emoji in enumerate(kinds[: 1 + post.dice("reactions", len(kinds))]):
        count = views * (1 + post.dice(emoji, 9)) // (900 * (n + 1) ** 2)
        if count:
            spans.append(f'<span class="tgme_reaction">{emoji_html(emoji)}{short(count)}</span>')
    return f'<div class="tgme_widget_message_reactions js-message_reactions">{"".join(spans)}</div>' if spans else ""


def views_of(post: Post) -> int:
    return post.channel.subscribers * (18 + post.dice("views", 45)) // 100


def footer_html(post: Post) -> str:
    service = "service_message" in post.raw
    voters = ""
    if "poll" in post.raw:
        voters = (
            f'<span class="tgme_widget_message_voters">{short(post.raw["poll"]["voters"])}</span>'
            '<span class="copyonly"> voters</span>'
        )
    views = (
        f'<span class="tgme_widget_message_views">{short(views_of(post))}</span><span class="copyonly"> views</span>'
    )
    edited = "edited &nbsp;" if post.raw.get("edited") else ""
    author = ""
    if name := post.raw.get("author"):
        author = f'<span class="tgme_widget_message_from_author" dir="auto">{telegram_escape(name)}</span>,&nbsp;'
    return (
        '<div class="tgme_widget_message_footer compact js-message_footer">\n  \n'
        '  <div class="tgme_widget_message_info short js-message_info">\n'
        f'    {voters}{"" if service else views}<span class="tgme_widget_message_meta">{edited}{author}'
        f'<a class="tgme_widget_message_date" href="{post.url}"><time datetime="{post.at.isoformat()}" class="time">'
        f"{post.at:%H:%M}</time></a></span>\n  </div>\n</div>"
    )


def buttons_html(post: Post) -> str:
    if "buttons" not in post.raw:
        return ""
    row = "".join(
        f'<a class="tgme_widget_message_inline_button url_button" href="{escape(url)}" target="_blank" rel="noopener">'
        f'<span class="tgme_widget_message_inline_button_text" dir="auto">{telegram_escape(label)}</span></a>'
        for label, url in post.raw["buttons"]
    )
    return (
        '<div class="tgme_widget_message_inline_keyboard"><div class="tgme_widget_message_inline_row">'
        f"{row}</div></div>\n"
    )


def message_html(post: Post, named: Mapping[str, Post]) -> str:
    channel = post.channel
    service = " service_message" if "service_message" in post.raw else ""
    blocks = [
        forwarded_html(post, named) + reply_html(post, named),
        "\n".join(draw(post) for key, draw in MEDIA.items() if key in post.raw),
        text_html(post),
        poll_html(post) if "poll" in post.raw else "",
        preview_html(post) if "preview" in post.raw else "",
        reactions_html(post),
        footer_html(post),
    ]
    body = "\n".join(block for block in blocks if block)
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message text_not_supported_wrap'
        f'{service} js-widget_message" data-post="{post.address}" data-view="{crc32(post.address.encode()):08x}">\n'
        f'  <div class="tgme_widget_message_user"><a href="https://t.me/{channel.name}">{avatar(channel, "widget_message_user")}'
        f'</a></div>\n  <div class="tgme_widget_message_bubble">\n    {TAIL}\n'
        '    <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" '
        f'href="https://t.me/{channel.name}"><span dir="auto">{telegram_escape(channel.title)}</span></a></div>\n\n'
        f"{body}\n  </div>\n  {buttons_html(post)}</div></div>"
    )


def avatar(channel: Channel, place: str) -> str:
    tint = crc32(channel.name.encode()) % 7
    return (
        f'<i class="tgme_{place}_photo bgcolor{tint}" data-content="{channel.title[0]}">'
        f'<img src="https://cdn4.telesco.pe/file/{channel.name}-avatar.jpg"></i>'
    ).replace("tgme_page_photo_photo", "tgme_page_photo_image")


def counters_html(channel: Channel, posts: Sequence[Post]) -> str:
    photos = sum("photo" in post.raw or "album" in post.raw for post in posts)
    counts = {
        "subscribers": channel.subscribers,
        "photos": channel.first_id // 3 + photos,
        "videos": channel.first_id // 17,
        "files": channel.first_id // 240,
        "links": channel.first_id // 2,
    }
    return "".join(
        f'<div class="tgme_channel_info_counter"><span class="counter_value">{short(value)}</span> '
        f'<span class="counter_type">{kind}</span></div>'
        for kind, value in counts.items()
    )


def more_html(channel: Channel, before: int | None = None, after: int | None = None) -> str:
    way, edge = ("before", before) if before is not None else ("after", after)
    return (
        '<div class="tgme_widget_message_centered js-messages_more_wrap">'
        f'<a href="/s/{channel.name}?{way}={edge}" class="tme_messages_more js-messages_more" data-{way}="{edge}"></a></div>'
    )


def page_html(channel: Channel, posts: Sequence[Post], all_posts: Sequence[Post], named: Mapping[str, Post]) -> str:
    """One page of a channel as t.me/s shows it, oldest post first, without the site's scripts."""
    title, name = telegram_escape(channel.title), channel.name
    description = telegram_escape(channel.description)
    first, last = posts[0].id, posts[-1].id
    newest = posts[-1] is all_posts[-1]
    links = f'<link rel="prev" href="/s/{name}?before={first}">\n'
    if not newest:
        links += f'<link rel="next" href="/s/{name}?after={last}">\n'
    label = '<i class="verified-icon"> ✔</i>' if channel.verified else ""
    messages = "".join(message_html(post, named) for post in posts)
    later = "" if newest else more_html(channel, after=last)
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>{title} – Telegram</title>
    <meta name="viewport" content="width=device-width, initial-scale=1.0, minimum-scale=1.0, maximum-scale=1.0, user-scalable=no" />
    <meta name="format-detection" content="telephone=no" />
    <meta http-equiv="X-UA-Compatible" content="IE=edge" />

<meta property="og:title" content="{title}">
<meta property="og:image" content="https://cdn4.telesco.pe/file/{name}-avatar.jpg">
<meta property="og:site_name" content="Telegram">
<meta property="og:description" content="{description}">

<meta property="al:ios:url" content="tg://resolve?domain={name}">
<meta property="al:android:url" content="tg://resolve?domain={name}">
<meta name="twitter:site" content="@Telegram">

    {links}<link rel="canonical" href="/s/{name}?before={last + 1}">
    <link href="//telegram.org/css/widget-frame.css?73" rel="stylesheet" media="screen">
    <link href="//telegram.org/css/telegram-web.css?39" rel="stylesheet" media="screen">
  </head>
  <body class="widget_frame_base tgme_webpreview emoji_image thin_box_shadow tme_mode no_transitions">
    <header class="tgme_header search_collapsed">
  <div class="tgme_container">
    <div class="tgme_header_search">
      <form class="tgme_header_search_form" action="/s/{name}">
        <input class="tgme_header_search_form_input js-header_search" placeholder="Search" name="q" autocomplete="off" value="" />
      </form>
    </div>
    <div class="tgme_header_right_column">
      <section class="tgme_right_column">
        <div class="tgme_channel_info">
          <div class="tgme_channel_info_header">
            {avatar(channel, "page_photo")}
            <div class="tgme_channel_info_header_title_wrap">
              <div class="tgme_channel_info_header_title"><span dir="auto">{title}</span></div>
              <div class="tgme_channel_info_header_labels">{label}</div>
            </div>
            <div class="tgme_channel_info_header_username"><a href="https://t.me/{name}">@{name}</a></div>
          </div>
          <div class="tgme_channel_info_counters">{counters_html(channel, all_posts)}</div>
          <div class="tgme_channel_info_description">{inline(channel.description)}</div>
        </div>
      </section>
    </div>
    <div class="tgme_header_info">
      <a class="tgme_header_link" href="https://t.me/{name}">
        {avatar(channel, "page_photo")}
        <div class="tgme_header_title_wrap">
          <div class="tgme_header_title"><span dir="auto">{title}</span></div>
          <div class="tgme_header_labels">{label}</div>
        </div>
        <div class="tgme_header_counter">{short(channel.subscribers)} subscribers</div>
      </a>
    </div>
  </div>
</header>
<main class="tgme_main" data-url="/{name}">
  <div class="tgme_container">
    <section class="tgme_channel_history js-message_history">
      {more_html(channel, before=first)}{messages}{later}
    </section>
  </div>
</main>
  </body>
</html>
"""


def pages(posts: Sequence[Post]) -> Iterator[tuple[str, str]]:
    """File names and pages: `<channel>.html` the newest, `<channel>-before-<id>.html` the older."""
    named = {post.raw["name"]: post for post in posts if "name" in post.raw}
    by_channel: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        by_channel[post.channel.name].append(post)
    for name, own in by_channel.items():
        edges = [*range(len(own), 0, -PAGE_SIZE), 0]
        for end, start in pairwise(edges):
            file = f"{name}.html" if end == len(own) else f"{name}-before-{own[end].id}.html"
            yield file, page_html(own[0].channel, own[start:end], own, named)


def article_html(article: Mapping[str, Any]) -> str:
    """A saved article page with what stands around a text on a news site."""
    words = SITE_WORDS[article["language"]]
    host = "/".join(article["url"].split("/")[:3])
    site, title = escape(article["site"]), escape(article["title"])
    paragraphs = "\n".join(
        f"        <p>{line}</p>" for line in escape(article["text"].strip(), quote=False).split("\n\n")
    ).replace("\n\n", "\n")
    menu = "".join(f'<li><a href="{host}/{path}/">{word}</a></li>' for path, word in words["menu"].items())
    related = "".join(
        f'<li><a href="{host}/more/{n}/">{escape(line)}</a></li>' for n, line in enumerate(article["related"], 1)
    )
    return f"""<!DOCTYPE html>
<html lang="{article["language"]}">
<head>
  <meta charset="utf-8">
  <title>{title} | {site}</title>
  <link rel="canonical" href="{escape(article["url"])}">
  <meta property="og:type" content="article">
  <meta property="og:site_name" content="{site}">
  <meta property="og:title" content="{title}">
  <meta name="author" content="{escape(article["author"])}">
  <meta property="article:published_time" content="{article["date"]}">
</head>
<body>
  <div class="cookie-banner" role="dialog"><p>{words["cookies"]}</p><button type="button">OK</button></div>
  <header class="site-header">
    <a class="logo" href="{host}/">{site}</a>
    <nav><ul>{menu}</ul></nav>
  </header>
  <main>
    <article>
      <h1>{title}</h1>
      <p class="byline">{escape(article["author"])}, <time datetime="{article["date"]}">{article["date"][:10]}</time></p>
      <ul class="share-buttons"><li>Telegram</li><li>{words["copy"]}</li></ul>
      <div class="article-body">
{paragraphs}
      </div>
    </article>
    <aside class="related"><h2>{words["related"]}</h2><ul>{related}</ul></aside>
    <section class="newsletter"><h2>{words["newsletter"]}</h2><form action="{host}/subscribe"><input type="email"></form></section>
  </main>
  <footer><p>© 2025 {site}. {words["rights"]}</p><p><a href="{host}/privacy/">{words["privacy"]}</a></p></footer>
</body>
</html>
"""


SITE_WORDS: dict[str, Any] = {
    "en": {
        "cookies": "We use cookies to remember that you have seen this notice.",
        "menu": {"world": "World", "business": "Business", "science": "Science", "sport": "Sport"},
        "copy": "Copy link",
        "related": "More on this",
        "newsletter": "Get our morning letter",
        "rights": "All rights reserved.",
        "privacy": "Privacy",
    },
    "ru": {
        "cookies": "Мы используем файлы cookie, чтобы запомнить, что вы видели это сообщение.",
        "menu": {"politics": "Политика", "economy": "Экономика", "science": "Наука", "city": "Город"},
        "copy": "Скопировать ссылку",
        "related": "Читайте также",
        "newsletter": "Утренняя рассылка",
        "rights": "Все права защищены.",
        "privacy": "Конфиденциальность",
    },
}

FACTS = {  # the name of a list in events.json: the key of the source that puts a post there
    "edited": "edited",
    "albums": "album",
    "photos": "photo",
    "videos": "video",
    "round_videos": "round",
    "voices": "voice",
    "documents": "document",
    "polls": "poll",
    "previews": "preview",
    "buttons": "buttons",
    "service_messages": "service_message",
}


def truth(posts: Sequence[Post], titles: Mapping[str, str]) -> dict[str, Any]:
    """What tests may rely on; posts are named `channel/id`, all lists run in the order of time."""
    named = {post.raw["name"]: post.address for post in posts if "name" in post.raw}
    events: dict[str, list[Post]] = {slug: [] for slug in titles}
    kinds: dict[str, list[str]] = {kind: [] for kind in ("promo", "announce", "chatter", "service")}
    singles = []
    for post in posts:
        if slug := post.raw.get("event"):
            events[slug].append(post)
        elif kind := post.raw.get("kind"):
            kinds[kind].append(post.address)
        else:
            singles.append(post.address)
    channels: dict[str, dict[str, Any]] = {}
    for post in posts:
        channel = post.channel
        facts = channels.setdefault(
            channel.name,
            {
                "title": channel.title,
                "language": channel.language,
                "signatures": [plain(line) for line in channel.signatures],
                "posts": 0,
                "signed": [],
            },
        )
        facts["posts"] += 1
        if any(post.text.endswith(f"\n\n{line}") for line in channel.signatures):
            facts["signed"].append(post.address)
    return {
        "from": posts[0].at.isoformat(),
        "to": posts[-1].at.isoformat(),
        "posts": len(posts),
        "channels": dict(sorted(channels.items())),
        "events": [
            {
                "id": slug,
                "title": title,
                "languages": sorted({post.raw.get("language", post.channel.language) for post in events[slug]}),
                "posts": [post.address for post in events[slug]],
            }
            for slug, title in titles.items()
        ],
        "singles": singles,
        "kinds": kinds,
        "languages": {post.address: post.raw["language"] for post in posts if "language" in post.raw},
        "reposts": [[post.address, named[post.raw["same_as"]]] for post in posts if "same_as" in post.raw],
        "forwards": [[post.address, named.get(post.raw.get("forward_of", ""))] for post in posts if is_forward(post)],
        "replies": [[post.address, named[post.raw["reply"]]] for post in posts if "reply" in post.raw],
        **{fact: [post.address for post in posts if post.raw.get(key)] for fact, key in FACTS.items()},
    }


def is_forward(post: Post) -> bool:
    return "forward_of" in post.raw or "forward_from" in post.raw


def build(source: Path) -> dict[str, str]:
    """All files of the day by their names, relative to its folder; `channels.toml` is written by hand and stays."""
    channels, titles, raws, articles = read_sources(source)
    posts = place_posts(raws, channels)
    files = dict(pages(posts))
    files["events.json"] = json.dumps(truth(posts, titles), ensure_ascii=False, indent=1) + "\n"
    seed = "articles/view-from-london.html"
    files[seed] = (source.parent / "view-from-london.html").read_text(encoding="utf-8")
    index = {SEED_ARTICLE: seed}
    for article in articles:
        index[article["url"]] = f"articles/{article['file']}"
        files[index[article["url"]]] = article_html(article)
    lines = [f'"{url}" = "{file.removeprefix("articles/")}"' for url, file in index.items()]
    files["articles/index.toml"] = "\n".join([INDEX_HEAD, *lines, ""])
    return files


SEED_ARTICLE = "https://en.interaffairs.ru/article/view-from-london-a-single-call-can-change-the-course-of-history/"
INDEX_HEAD = "# The pages that posts of the day link to: canonical address = file in this folder.\n\n[articles]"


def main(arguments: Sequence[str]) -> None:
    folder = Path(arguments[0]) if arguments else HOME / "day"
    files = build(HOME / "source")
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    for stale in {*folder.glob("*.html"), *folder.glob("articles/*.html")} - {folder / name for name in files}:
        stale.unlink()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
