"""Saved article pages, with what stands around a text on a news site."""

from collections.abc import Mapping
from html import escape
from typing import Any

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
      <p class="byline">{escape(article["author"])},
        <time datetime="{article["date"]}">{article["date"][:10]}</time></p>
      <ul class="share-buttons"><li>Telegram</li><li>{words["copy"]}</li></ul>
      <div class="article-body">
{paragraphs}
      </div>
    </article>
    <aside class="related"><h2>{words["related"]}</h2><ul>{related}</ul></aside>
    <section class="newsletter">
      <h2>{words["newsletter"]}</h2>
      <form action="{host}/subscribe"><input type="email"></form>
    </section>
  </main>
  <footer><p>© 2025 {site}. {words["rights"]}</p><p><a href="{host}/privacy/">{words["privacy"]}</a></p></footer>
</body>
</html>
"""
