"""Pages in the markup of t.me: a channel's preview (`/s/<name>`) and landing pages (`/<name>`), made from values."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

PAGE = 20


@dataclass(slots=True)
class SitePost:
    """One post of a page. `html` is its text in the preview's own markup; `photos` above 1 make an album, which also
    takes the ids that follow."""

    id: int
    html: str = ""
    date: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    views: str = "1"
    edited: bool = False
    service: bool = False
    author: str = ""
    photos: int = 0
    forwarded: tuple[str, str] | None = None
    reply_to: str = ""
    poll: tuple[str, ...] = ()
    preview: tuple[str, str, str, str] | None = None
    reactions: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class SiteChannel:
    """What a name stands for: `kind` is channel, group, bot, person or missing; a channel may have no preview."""

    name: str
    title: str
    description: str = ""
    subscribers: str = "1 024"
    kind: str = "channel"
    preview: bool = True
    number: int | None = None
    posts: dict[int, SitePost] = field(default_factory=dict)
    next_id: int = 1


def _seen(channel: SiteChannel) -> str:
    """What the page sends back when a post was seen: who it is of."""
    return b64encode(f'{{"c":-{channel.number}}}'.encode()).decode() if channel.number else "eyJj"


def message(channel: SiteChannel, post: SitePost) -> str:
    """One `tgme_widget_message`."""
    address = f"https://t.me/{channel.name}/{post.id}"
    kind = "service_message " if post.service else ""
    edited = "edited &nbsp;" if post.edited else ""
    author = f'<span class="tgme_widget_message_from_author" dir="auto">{escape(post.author)}</span>,&nbsp;'
    views = f'<span class="tgme_widget_message_views">{post.views}</span><span class="copyonly"> views</span>'
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message \
text_not_supported_wrap {kind}js-widget_message" data-post="{channel.name}/{post.id}" data-view="{_seen(channel)}">
  <div class="tgme_widget_message_user"><a href="https://t.me/{channel.name}"><i \
class="tgme_widget_message_user_photo bgcolor4" data-content="N"></i></a></div>
  <div class="tgme_widget_message_bubble">
    <div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" \
href="https://t.me/{channel.name}"><span dir="auto">{escape(channel.title)}</span></a></div>
{_above(post)}{_media(channel, post)}{_text(post)}{_below(post)}
<div class="tgme_widget_message_footer compact js-message_footer">
  <div class="tgme_widget_message_info short js-message_info">
    {"" if post.service else views}<span class="tgme_widget_message_meta">{edited}{author if post.author else ""}\
<a class="tgme_widget_message_date" href="{address}"><time datetime="{post.date.isoformat()}" class="time">\
{post.date:%H:%M}</time></a></span>
  </div>
</div>
  </div>
</div></div>"""


def _above(post: SitePost) -> str:
    parts = []
    if post.forwarded:
        name, url = post.forwarded
        tag = f'a class="tgme_widget_message_forwarded_from_name" href="{escape(url)}"'
        parts.append(
            '<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;'
            f'<{tag}><span dir="auto">{escape(name)}</span></a></div>'
        )
    if post.reply_to:
        parts.append(
            f'<a class="tgme_widget_message_reply user-color-default" href="{escape(post.reply_to)}">'
            '<div class="tgme_widget_message_author accent_color"><span class="tgme_widget_message_author_name" '
            'dir="auto">Someone</span></div><div class="tgme_widget_message_text js-message_reply_text" dir="auto">'
            "What was said before</div></a>"
        )
    return "\n".join(parts)


def _media(channel: SiteChannel, post: SitePost) -> str:
    grouped = "grouped_media_wrap " if post.photos > 1 else ""
    photos = "".join(
        f'<a class="tgme_widget_message_photo_wrap {grouped}js-message_photo" style="width:453px" '
        f'href="https://t.me/{channel.name}/{post.id + number}?single">'
        '<div class="tgme_widget_message_photo" style="padding-top:56%"></div></a>'
        for number in range(post.photos)
    )
    if post.photos > 1:
        return (
            '<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap"><div '
            f'class="tgme_widget_message_grouped js-message_grouped">{photos}</div></div>'
        )
    return photos


def _text(post: SitePost) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{post.html}</div>' if post.html else ""


def _below(post: SitePost) -> str:
    parts = []
    if post.poll:
        question, *options = map(escape, post.poll)
        shown = "".join(
            '<div class="tgme_widget_message_poll_option"><div class="tgme_widget_message_poll_option_percent">1%</div>'
            '<div class="tgme_widget_message_poll_option_value"><div class="tgme_widget_message_poll_option_text">'
            f"{option}</div></div></div>"
            for option in options
        )
        parts.append(
            '<div class="tgme_widget_message_poll js-poll"><div class="tgme_widget_message_poll_question">'
            f'{question}</div><div class="tgme_widget_message_poll_type">Anonymous Poll</div>'
            f'<div class="tgme_widget_message_poll_options">{shown}</div></div>'
        )
    if post.preview:
        url, site, title, description = map(escape, post.preview)
        parts.append(
            f'<a class="tgme_widget_message_link_preview" href="{url}">'
            f'<div class="link_preview_site_name accent_color" dir="auto">{site}</div>'
            f'<div class="link_preview_title" dir="auto">{title}</div>'
            f'<div class="link_preview_description" dir="auto">{description}</div></a>'
        )
    if post.reactions:
        shown = "".join(
            f'<span class="tgme_reaction"><i class="emoji"><b>{emoji}</b></i>{count}</span>'
            for emoji, count in post.reactions.items()
        )
        parts.append(f'<div class="tgme_widget_message_reactions js-message_reactions">{shown}</div>')
    return "\n".join(parts)


def preview_page(channel: SiteChannel, *, before: int | None = None, after: int | None = None) -> str:
    """The page that `/s/<name>`, `?before=` or `?after=` shows: at most 20 posts, oldest first."""
    posts = [post for _, post in sorted(channel.posts.items())]
    if after is not None:
        shown = [post for post in posts if post.id > after][:PAGE]
    else:
        shown = [post for post in posts if before is None or post.id < before][-PAGE:]
    head, more, less = _links(channel, posts, shown)
    counter = f'<span class="counter_value">{channel.subscribers}</span> <span class="counter_type">subscribers</span>'
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>{escape(channel.title)} – Telegram</title>
<meta property="og:title" content="{escape(channel.title)}">
<meta property="og:site_name" content="Telegram">
<meta property="og:description" content="{escape(channel.description)}">
{head}
<link rel="canonical" href="/s/{channel.name}{f"?before={before}" if before else ""}">
  </head>
  <body class="widget_frame_base tgme_webpreview emoji_image thin_box_shadow tme_mode no_transitions">
    <div class="tgme_channel_info">
      <div class="tgme_channel_info_header_title"><span dir="auto">{escape(channel.title)}</span></div>
      <div class="tgme_channel_info_header_username"><a href="https://t.me/{channel.name}">@{channel.name}</a></div>
      <div class="tgme_channel_info_counters"><div class="tgme_channel_info_counter">{counter}</div></div>
      <div class="tgme_channel_info_description">{escape(channel.description)}</div>
    </div>
<main class="tgme_main" data-url="/{channel.name}">
    <section class="tgme_channel_history js-message_history">
      {more}{"".join(message(channel, post) for post in shown)}{less}
    </section>
</main>
  </body>
</html>
"""


def _links(channel: SiteChannel, posts: Sequence[SitePost], shown: Sequence[SitePost]) -> tuple[str, str, str]:
    """The head's links, and the "more" buttons above and below."""
    head, buttons = [], {"before": "", "after": ""}
    if shown:
        older, newer = posts[0].id < shown[0].id, posts[-1].id > shown[-1].id
        for there, rel, word, number in (
            (older, "prev", "before", shown[0].id),
            (newer, "next", "after", shown[-1].id),
        ):
            if there:
                address = f"/s/{channel.name}?{word}={number}"
                head.append(f'<link rel="{rel}" href="{address}">')
                buttons[word] = (
                    f'<div class="tgme_widget_message_centered js-messages_more_wrap"><a href="{address}" '
                    f'class="tme_messages_more js-messages_more" data-{word}="{number}"></a></div>'
                )
    return "\n".join(head), buttons["before"], buttons["after"]


EXTRAS = {
    "channel": "{count} subscribers",
    "group": "{count} members, 12 online",
    "bot": "@{name}",
    "person": "@{name}",
}
ACTIONS = {"channel": "View in Telegram", "group": "View in Telegram", "bot": "Start Bot", "person": "Send Message"}


def landing_page(channel: SiteChannel) -> str:
    """The page of `/<name>`: what the name stands for."""
    name, kind = channel.name, channel.kind
    title = ""
    if kind != "missing":
        extra = EXTRAS[kind].format(count=channel.subscribers, name=name)
        title = (
            f'<div class="tgme_page_title" dir="auto"><span dir="auto">{escape(channel.title)}</span></div>'
            f'<div class="tgme_page_extra">{extra}</div>'
        )
    words = escape(channel.description) or f"If you have <strong>Telegram</strong>, you can contact @{name} right away."
    preview = (
        '<div class="tgme_page_context_link_wrap"><a class="tgme_page_context_link" '
        f'href="/s/{name}">Preview channel</a></div>'
    )
    return f"""<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>Telegram: Contact @{name}</title>
<meta property="og:title" content="{escape(channel.title) if title else f"Telegram: Contact @{name}"}">
<meta property="al:ios:url" content="tg://resolve?domain={name}">
  </head>
  <body class="no_transition">
        <div class="tgme_page">
{title}
<div class="tgme_page_description" dir="auto">{words}</div>
<div class="tgme_page_action">
  <a class="tgme_action_button_new shine" href="tg://resolve?domain={name}">{ACTIONS.get(kind, "Send Message")}</a>
</div>
{preview if kind == "channel" and channel.preview else ""}
        </div>
  </body>
</html>
"""
