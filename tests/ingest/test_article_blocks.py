import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from ingest.articles.blocks import MAX_BLOCKS, SIGNS, blocks_of
from ingest.articles.choice import best_together, chances, main_text, model, read_model, without_hidden, without_repeats
from ingest.articles.features import columns_of, hints_of

SENTENCE = "The council met on Tuesday and agreed to mend the bridge before the winter comes."


def texts(page: str) -> list[str]:
    return [each.text for each in blocks_of(html.document_fromstring(page))]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("<p>One <b>and</b> the same</p><p>Two</p>", ["One and the same", "Two"]),
        ("Bare words<p>and a paragraph</p>and a tail", ["Bare words", "and a paragraph", "and a tail"]),
        ("<div>One<br>line<br><br>another</div>", ["One line", "another"]),
        ("<table><tr><th>Height</th><td>42 cm</td></tr><tr><td>Cord</td><td>2 m</td></tr></table>",
         ["Height | 42 cm", "Cord | 2 m"]),
        ("<table><tr><td><p>A page</p><p>of tables</p></td></tr></table>", ["A page", "of tables"]),
        ("<p>Seen<script>not(this)</script><style>nor this</style> and read</p>", ["Seen and read"]),
        ("<p>Before<!-- not this --> and after</p>", ["Before and after"]),
        ("<ul><li>*</li><li>—</li><li>3</li></ul>", ["3"]),
        ("<noscript><p>For those without scripts</p></noscript>", ["For those without scripts"]),
        ("<p>An <a href=x>unclosed link<p>and more", ["An unclosed link", "and more"]),
    ],
)  # fmt: skip
def test_a_page_falls_into_blocks(page: str, expected: list[str]) -> None:
    assert texts(f"<html><body>{page}</body></html>") == expected


@pytest.mark.parametrize("tag", ["a", "br", "td", "script", "p"])
def test_a_page_without_a_body_is_read_too(tag: str) -> None:
    node = html.fragment_fromstring(f"<{tag}>Words</{tag}>") if tag != "br" else html.Element("br")
    assert [each.text for each in blocks_of(node)] == ([] if tag == "br" else ["Words"])


def test_a_block_knows_its_links_and_what_is_around_it() -> None:
    page = (
        '<body class="comments"><main><div class="related"><div><div><div><p>See <a href="x">the plan</a></p></div>'
        '</div></div></div><p style="display: none">Not seen</p><div role="navigation"><p>Home</p></div></main></body>'
    )
    see, unseen, home = blocks_of(html.document_fromstring(page))
    assert (see.tag, see.linked) == ("p", len("the plan"))
    assert see.around & SIGNS["related"]
    assert not see.near & SIGNS["related"]
    assert see.around & SIGNS["<main>"]
    assert not see.around & SIGNS["comment"], "the body's own class tells of the page"
    assert unseen.around & SIGNS["hidden"]
    assert home.around & SIGNS["<nav>"]
    assert see.containers[:2] == home.containers[:2]


@pytest.mark.parametrize(
    ("line", "shown", "hidden"),
    [
        ('One <span style="DISPLAY:None">never seen </span><b>and</b> another', "One and another", False),
        ("One <i hidden>never <b>seen</b></i> and another", "One and another", False),
        ('One <span aria-hidden="true">and</span> another', "One and another", False),
        ("<span hidden>All that is there</span>", "All that is there", True),
    ],
)
def test_words_that_are_hidden_within_a_line_are_not_shown(line: str, shown: str, hidden: bool) -> None:
    (block,) = blocks_of(html.document_fromstring(f"<body><p>{line}</p></body>"))
    assert (block.shown, block.hidden) == (shown, hidden)


def test_a_paragraph_within_a_hidden_link_is_hidden() -> None:
    (block,) = blocks_of(html.document_fromstring('<body><a hidden href="/x"><div>Never seen</div></a></body>'))
    assert block.hidden


def test_a_few_hidden_blocks_are_none_of_the_article_and_many_are_it() -> None:
    paragraphs = [f"<p>{number}. {SENTENCE * 3}</p>" for number in range(20)]
    note = '<p style="display: none">Ignored by people.</p>'
    tabs = f"<div hidden>{''.join(paragraphs[10:])}</div>"
    few = blocks_of(html.document_fromstring(f"<body>{''.join(paragraphs)}{note}</body>"))
    many = blocks_of(html.document_fromstring(f"<body>{''.join(paragraphs[:10])}{tabs}</body>"))
    every = blocks_of(html.document_fromstring(f'<body style="display:none">{"".join(paragraphs)}</body>'))
    assert [each.text[:2] for each in without_hidden(few)] == [each.text[:2] for each in few[:-1]]
    assert without_hidden(many) == many
    assert without_hidden(every) == every
    assert without_hidden([]) == []


def test_a_deep_or_endless_page_is_bounded() -> None:
    began = time.process_time()
    deep = blocks_of(html.document_fromstring("<div>" * 200 + "<p>deep" + "</div>" * 200))
    assert len(deep[0].containers) <= 40
    long = blocks_of(html.document_fromstring("<body>" + "<p>word" * (MAX_BLOCKS + 500)))
    assert len(long) == MAX_BLOCKS
    assert time.process_time() - began < 20


def test_every_column_has_a_finite_number_for_each_block() -> None:
    page = "<html><body><p>" + "</p><p>".join((SENTENCE, "Share", SENTENCE, "1", SENTENCE * 30)) + "</p></body></html>"
    tree = html.document_fromstring(page)
    blocks = blocks_of(tree)
    for found in ("", SENTENCE, "words of another page"):
        columns = columns_of(blocks, found, hints_of(tree))
        assert set(model().names) <= set(columns)
        assert all(len(column) == len(blocks) and np.isfinite(column).all() for column in columns.values())
    assert columns_of(blocks, SENTENCE, hints_of(tree))["vote"].tolist() == [1, 0, 1, 0, 1]


def test_a_page_says_what_it_is() -> None:
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'
        '<meta property="og:type" content="article"><meta name="description" content="In short">'
    )
    hints = hints_of(html.document_fromstring(f"<html><head>{head}</head><body><p>x</p></body></html>"))
    assert (hints.kinds["is article"], hints.kinds["og article"], hints.kinds["is product"]) == (1, 1, 0)
    assert hints.description == "In short"
    micro = hints_of(html.document_fromstring('<body itemscope itemtype="https://schema.org/Product">x</body>'))
    assert (micro.kinds["is article"], micro.kinds["is product"]) == (0, 1)


def test_trees_are_walked_to_their_leaves() -> None:
    tiny = read_model(
        '{"names": ["a", "b"], "trees": [[[0, 1.5, 1, 2], [-2.0], [1, 0.0, 3, 4], [0.5], [4.0]], [[1.0]]]}'
    )
    likely = chances(tiny, {"a": np.array([1.0, 2.0, 2.0]), "b": np.array([9.0, 0.0, 1.0])})
    assert likely == pytest.approx(1 / (1 + np.exp([1.0, -1.5, -5.0])))


def test_blocks_are_chosen_that_score_best_together() -> None:
    words = np.array([100.0, 100.0, 10.0, 50.0])
    assert best_together(np.array([0.9, 0.9, 0.4, 0.1]), words).tolist() == [True, True, False, False]
    assert best_together(np.array([0.2, 0.05, 0.3, 0.2]), words).tolist() == [True, False, True, True]


@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(1, 90)), min_size=1, max_size=30))
def test_what_is_left_out_is_less_likely_than_what_is_taken(blocks: list[tuple[float, int]]) -> None:
    likely = np.array([chance for chance, _ in blocks])
    chosen = best_together(likely, np.array([float(words) for _, words in blocks]))
    assert chosen.any()
    assert max(likely[~chosen], default=0) < min(likely[chosen])


def test_what_was_said_before_is_left_out() -> None:
    page = (
        f"<body><p>{SENTENCE}</p><p>Short words</p><div>He wrote: {SENTENCE}</div><p>Short words</p><p>More.</p></body>"
    )
    kept = without_repeats(blocks_of(html.document_fromstring(page)))
    assert [each.text for each in kept] == [SENTENCE, "Short words", "Short words", "More."]


def test_text_that_is_not_on_the_page_comes_from_beside_it() -> None:
    tree = html.document_fromstring("<body><p>Loading the page</p></body>")
    assert main_text(tree, SENTENCE * 4, model()) == SENTENCE * 4
    empty = html.document_fromstring("<body><script>x</script></body>")
    assert main_text(empty, SENTENCE, model()) == SENTENCE
