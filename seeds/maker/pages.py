"""The pages of a channel as t.me/s shows them, without the site's scripts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from seeds.maker.markdown import inline, telegram_escape
from seeds.maker.message import avatar, message_html
from seeds.maker.post import Channel, Post, short

PAGE_SIZE = 20  # as t.me/s shows


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
        f'<a href="/s/{channel.name}?{way}={edge}" class="tme_messages_more js-messages_more" data-{way}="{edge}"></a>'
        "</div>"
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
    <meta name="viewport" content="width=device-width, initial-scale=1.0, user-scalable=no" />
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
        <input class="tgme_header_search_form_input js-header_search" placeholder="Search" name="q" value="" />
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
