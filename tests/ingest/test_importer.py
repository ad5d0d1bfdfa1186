"""An import takes files, folders and stdin; what it cannot read gets one sentence."""

import gzip
import io
from pathlib import Path

import pytest

from core.model import NewPost, Source
from ingest.exports.files import read_path
from tests.ingest.files import NOW, PAGES, a_line, read


def test_gzip_is_unpacked_and_a_cut_one_gives_what_it_has() -> None:
    packed = gzip.compress("".join(a_line(id=n) for n in range(1, 2001)).encode())
    assert len(read(packed)[0]) == 2000
    posts, problems = read(packed[:-200])
    assert 0 < len(posts) < 2000
    assert problems[-1] == "it: cannot be read to its end: it is cut off or broken"


HTML_EXPORT = (
    b'<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap"><div class="history">'
    b'<div class="message default clearfix" id="message5"><div class="text">Hello</div></div></div></div></body></html>'
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither a saved web page"),
        (b"[{}]", "a JSON array is not read"),
        (b"<html><body>hello</body></html>", "no posts in this page"),
        (HTML_EXPORT, "export it as machine-readable JSON"),
        (b"<html>" + b"x" * 50_000_000, "more than a page may have"),
        (b"<html>" + b"<div>" * 10_000 + b"deep" + b"</div>" * 10_000 + b"</html>", "nested too deeply"),
        (b"<html>\0\0</html>", "binary"),
        (b"<html><p " + b'a=">" ' * 100_000 + b"></html>", "thousands of attributes"),
        (b"\x1f\x8b garbage", "cannot be read to its end"),
    ],
    ids=[
        "empty",
        "blank",
        "picture",
        "array",
        "other page",
        "HTML export",
        "50 MB",
        "deep",
        "binary",
        "swollen tag",
        "no gzip",
    ],
)
def test_what_is_no_format_of_ours_gets_one_sentence(data: bytes, reason: str) -> None:
    posts, problems = read(data)
    assert posts == []
    (problem,) = problems
    assert reason in problem


def test_saved_preview_pages_are_read_from_a_folder_in_order(tmp_path: Path) -> None:
    pages = sorted(PAGES.glob("*.html"))
    assert pages
    for at, page in enumerate(pages):
        (tmp_path / f"{at:02}").mkdir()
        (tmp_path / f"{at:02}" / "page.html").write_bytes(page.read_bytes())
    (tmp_path / "notes.txt").write_text("not ours")
    (tmp_path / "lines.jsonl").write_text(a_line())
    found = list(read_path(tmp_path, NOW))
    posts = [one for one in found if isinstance(one, NewPost)]
    assert len(posts) > 1
    assert {post.source for post in posts} == {Source.IMPORT}
    assert posts[-1].channel == "news"
    assert not any("notes" in str(one) for one in found)


def test_a_folder_of_an_html_export_gets_one_sentence(tmp_path: Path) -> None:
    for name in ("messages.html", "messages2.html"):
        (tmp_path / name).write_bytes(HTML_EXPORT)
    (problem,) = read_path(tmp_path, NOW)
    assert "export it as machine-readable JSON" in str(problem)


def test_a_page_of_a_renamed_channel_comes_under_one_name() -> None:
    page = """<html><body><header class="tgme_header"><div class="tgme_channel_info_header_username">
      <a href="https://t.me/newname">@newname</a></div></header>
      <section class="tgme_channel_history"><div class="tgme_widget_message" data-post="oldname/5">
      <div class="tgme_widget_message_text">hi</div><div class="tgme_widget_message_meta"
      ><a class="tgme_widget_message_date"><time datetime="2026-11-20T10:00:00+00:00"></time></a></div></div>
      <div class="tgme_widget_message" data-post="newname/6"><div class="tgme_widget_message_text">ho</div></div>
      </section></body></html>"""
    posts, problems = read(page)
    assert [(post.channel, post.message_id) for post in posts] == [("newname", 5)]
    assert problems == ['it, post 6: has no "date", or one that is no date']


@pytest.mark.parametrize("path", ["no such file", "nul\0name"])
def test_a_file_that_is_not_there_gets_one_sentence(path: str) -> None:
    (problem,) = read_path(path, NOW)
    assert "cannot be opened" in str(problem)


def test_an_empty_folder_gets_one_sentence(tmp_path: Path) -> None:
    (problem,) = read_path(tmp_path, NOW)
    assert "no .html" in str(problem)


def test_stdin_is_read_as_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(a_line().encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [type(one) for one in read_path("-", NOW)] == [NewPost]
