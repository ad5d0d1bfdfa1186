"""The digest as one HTML page that needs nothing else: no script, no font, no picture; light, dark and on paper."""

from collections.abc import Iterator, Mapping, Sequence

from core.texts import texts
from digest.model import CitedPost, Digest, StoryView
from digest.render import common, markup
from digest.render.folded import details, voices

MOST_POSTS = 40  # of a story in its timeline: a page has more room than a message
_STYLE = """
:root { color-scheme: light dark; --ink: #1c1b19; --soft: #6b665e; --line: #e2ddd3; --paper: #fdfcf9; --link: #8a3b12; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e4dc; --soft: #a29c91; --line: #37342f; --paper: #191816; --link: #e9a377; }
}
* { box-sizing: border-box; }
body { max-width: 42.5rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.6 Georgia, "Iowan Old Style", "PT Serif", serif; overflow-wrap: break-word; text-wrap: pretty; }
header { border-bottom: 3px double var(--line); margin-bottom: 1.75rem; padding-bottom: 1rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .35rem; }
h1, h2, h3 { text-wrap: balance; }
.topic { font: bold .85rem/1.6 system-ui, sans-serif; letter-spacing: .08em; text-transform: uppercase;
  color: var(--soft); margin: 2.5rem 0 1rem; }
.story { font-size: 1.2rem; line-height: 1.35; margin: 0 0 .35rem; }
.rest { font-size: 1.0625rem; font-weight: normal; }
article { margin-bottom: 1.9rem; }
p { margin: 0 0 .45rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 1px; }
.marks { font: .8rem system-ui, sans-serif; }
.marks a { display: inline-block; min-width: 1.5rem; padding: 0 .1rem; line-height: 1.5rem; text-align: center;
  text-decoration: none; }
.marks a:hover, .marks a:focus { text-decoration: underline; }
.soft, details, footer { color: var(--soft); font: .85rem/1.55 system-ui, sans-serif; }
summary { cursor: pointer; padding: .15rem 0; }
details ul { list-style: none; margin: .4rem 0; padding: 0 0 0 .8rem; border-left: 2px solid var(--line); }
details li { margin-bottom: .25rem; }
table { border-collapse: collapse; margin: .3rem 0 .6rem; width: 100%; }
td { border-top: 1px solid var(--line); padding: .3rem .8rem .3rem 0; vertical-align: top; overflow-wrap: anywhere; }
td:first-child { font-weight: 600; min-width: 8rem; color: var(--ink); }
time { font-variant-numeric: tabular-nums; white-space: nowrap; }
footer { border-top: 1px solid var(--line); margin-top: 2.5rem; padding-top: 1rem; }
.paper { display: none; }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --link: #000; }
  body { max-width: none; padding: 0; }
  article, .topic { break-inside: avoid; }
  h1, h2, h3 { break-after: avoid; }
  details:not([open]) { display: none; }
  .paper { display: block; columns: 2; font: .75rem/1.5 system-ui, sans-serif; }
}
"""


def render(digest: Digest) -> str:
    """The whole page. Everything from outside is escaped; links open without telling where the reader came from."""
    return "\n".join(_page(digest)) + "\n"


def _page(digest: Digest) -> Iterator[str]:
    numbers = common.marks(digest)
    heading = markup.html(common.heading(digest).replace(" ·", "\N{NO-BREAK SPACE}·"))  # no line begins with it
    yield f'<!doctype html>\n<html lang="{texts(digest.language).language}">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{heading}</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    above = f'\n<p class="soft">{markup.html(line)}</p>' if (line := common.above_all(digest)) else ""
    yield f'<header>\n<h1>{heading}</h1>\n<p class="soft">{markup.html(common.made_of(digest))}</p>{above}\n</header>'
    yield "<main>"
    for section in common.sections(digest):
        if section.heading:
            yield _topic(section.heading)
        for number, story in section.stories:
            yield from _story(digest, story, number, numbers, level=3 if section.heading else 2)
    corrected = [
        markup.html(line) + (f' <span class="marks">{_link(url, f"[{numbers[url]}]")}</span>' if url else "")
        for line, url in common.corrected(digest)
    ]
    if corrected:
        yield _topic(texts(digest.language)("corrections"))
        yield from (f"<p>{line}</p>" for line in corrected)
    yield "</main>"
    if lines := common.tail(digest):
        yield f"<footer>{''.join(f'<p>{markup.html(line)}</p>' for line in lines)}</footer>"
    if numbers:  # on paper a mark leads nowhere
        addresses = "".join(f"<p>[{number}] {markup.html(url)}</p>" for url, number in numbers.items())
        yield f'<section class="paper">{addresses}</section>'
    yield "</body>\n</html>"


def _topic(heading: str) -> str:
    return f'<h2 class="topic">{markup.html(heading)}</h2>'


def _story(digest: Digest, story: StoryView, number: int, numbers: Mapping[str, int], *, level: int) -> Iterator[str]:
    """`level`: of its headline among the headings of the page. What others wrote may run from right to left; what we
    say of it does not."""
    said = common.said(digest, story)
    marks = _marks(story, said.sources, numbers)
    title = markup.html(said.title) + (f'<span class="rest">{markup.html(said.rest)}</span>' if said.rest else "")
    title = _spoken(title, common.tongue(digest, story, said.title, said.sources))
    yield f'<article id="story-{number}">\n<h{level} class="story" dir="auto">{number}. {title} {marks}</h{level}>'
    following = [_cited(digest, story, each.text, each.sources, numbers) for each in said.following]
    if following:
        yield f'<p dir="auto">{" ".join(following)}</p>'
    if before := common.earlier(digest, story):
        line, url = before
        yield f'<p class="soft">{markup.html(line)} <span class="marks">{_link(url, f"[{numbers[url]}]")}</span></p>'
    yield f'<p class="soft">{markup.html(common.who_told(digest, story))}</p>'
    for note, sources in common.noted(digest, story):
        yield f"<p>{markup.html(note)} {_marks(story, sources, numbers)}</p>"
    yield from _details(digest, story, numbers)
    yield "</article>"


def _details(digest: Digest, story: StoryView, numbers: Mapping[str, int]) -> Iterator[str]:
    def item(post: CitedPost, moment: str) -> str:
        entry = common.entry(digest, story, post)
        said = f"{_link(post.url, entry.link)}{markup.html(entry.rest)}"
        said = _spoken(said, "" if post.copy else _tongue(digest, post))
        return f'<bdi><time datetime="{post.date.isoformat()}">{markup.html(moment)}</time> {said}</bdi>'

    lines = list(voices(digest, story, lambda text, sources: _cited(digest, story, text, sources, numbers)))
    yield from details(digest, story, lines, item, most=MOST_POSTS)


def _cited(digest: Digest, story: StoryView, text: str, sources: Sequence[int], numbers: Mapping[str, int]) -> str:
    spoken = _spoken(markup.html(text), common.tongue(digest, story, text, sources))
    return f"{spoken} {_marks(story, sources, numbers)}"


def _tongue(digest: Digest, post: CitedPost) -> str:
    return "" if post.language == digest.language else post.language


def _spoken(words: str, language: str) -> str:
    """Words of another language than the page's, said to be so: a screen reader reads them by their own rules."""
    return f'<span lang="{markup.html(language)}">{words}</span>' if language else words


def _marks(story: StoryView, sources: Sequence[int], numbers: Mapping[str, int]) -> str:
    channels = {post.url: markup.plain(post.channel_title) for post in story.posts}
    links = "".join(_link(url, mark, channels[url]) for url, mark in common.sentence_marks(story, sources, numbers))
    return f'<span class="marks">{links}</span>' if links else ""


def _link(url: str, label: str, channel: str = "") -> str:
    """A link; of a source mark, which says little by itself, with the channel that it leads to."""
    title = f'title="{markup.html(channel)}" ' if channel else ""
    return markup.link(url, label).replace("<a ", f'<a rel="noopener noreferrer" {title}', 1)
