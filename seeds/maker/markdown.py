"""Markdown as Telegram's clients write it, to the HTML that a preview page has."""

import re
from collections.abc import Callable
from html import escape
from urllib.parse import quote

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
