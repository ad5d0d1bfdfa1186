"""One message in the markup of a preview page."""

from collections.abc import Mapping
from html import escape
from zlib import crc32

from seeds.maker.markdown import emoji_html, inline, plain, post_html, telegram_escape
from seeds.maker.media import MEDIA, poll_html, preview_html
from seeds.maker.post import Channel, Post, short, views_of

TAIL = (
    '<i class="tgme_widget_message_bubble_tail">\n      '
    '<svg class="bubble_icon" width="9px" height="20px" viewBox="0 0 9 20">'
    '\n        <g fill="none">\n          <path class="background" fill="#ffffff" d="M8,1 L9,1 L9,20 L8,20 L8,18 '
    "C7.807,15.161 7.124,12.233 5.950,9.218 C5.046,6.893 3.504,4.733 1.325,2.738 L1.325,2.738 C0.917,2.365 "
    "0.89,1.732 1.263,1.325 "
    'C1.452,1.118 1.72,1 2,1 L8,1 Z"></path>\n        </g>\n      </svg>\n    </i>'
)


def forwarded_html(post: Post, named: Mapping[str, Post]) -> str:
    if name := post.raw.get("forward_of"):
        origin = named[name]
        inner = (
            f'<a class="tgme_widget_message_forwarded_from_name" href="{origin.url}"><span dir="auto">'
            f"{telegram_escape(origin.channel.title)}</span></a>"
        )
    elif name := post.raw.get("forward_from"):
        inner = (
            '<span class="tgme_widget_message_forwarded_from_name"><span dir="auto">'
            f"{telegram_escape(name)}</span></span>"
        )
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


def avatar(channel: Channel, place: str) -> str:
    tint = crc32(channel.name.encode()) % 7
    return (
        f'<i class="tgme_{place}_photo bgcolor{tint}" data-content="{channel.title[0]}">'
        f'<img src="https://cdn4.telesco.pe/file/{channel.name}-avatar.jpg"></i>'
    ).replace("tgme_page_photo_photo", "tgme_page_photo_image")


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
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        '<div class="tgme_widget_message text_not_supported_wrap'
        f'{service} js-widget_message" data-post="{post.address}" data-view="{crc32(post.address.encode()):08x}">\n'
        f'  <div class="tgme_widget_message_user"><a href="https://t.me/{channel.name}">'
        f'{avatar(channel, "widget_message_user")}</a></div>\n  <div class="tgme_widget_message_bubble">\n    {TAIL}\n'
        '    <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" '
        f'href="https://t.me/{channel.name}"><span dir="auto">{telegram_escape(channel.title)}</span></a></div>\n\n'
        f"{body}\n  </div>\n  {buttons_html(post)}</div></div>"
    )
