"""The figures in docs/benchmarks.md are what their commands print."""

from importlib.util import find_spec

from benchmarks.record import PAGE, as_markdown, commands, with_figures

BLOCK = "<!-- figures: python -m benchmarks.{} -->\n\n{}\n\n<!-- end -->"
TABLE = "| what | measured |\n| --- | --- |\n| pages | 5 |"


def test_a_commands_figures_take_the_place_of_those_before_and_of_no_others() -> None:
    page = f"# Figures\n\n{BLOCK.format('pages --all', 'old')}\n\nBetween.\n\n{BLOCK.format('posts', 'other')}\n"
    assert commands(page) == ["pages --all", "posts"]
    again = with_figures(page, "pages --all", TABLE)
    assert again == page.replace("old", TABLE)
    assert with_figures(again, "pages --all", TABLE) == again


def test_a_backslash_in_what_is_printed_is_one() -> None:
    assert "\\1 \\n" in with_figures(BLOCK.format("pages", ""), "pages", "\\1 \\n")


def test_tables_stand_as_tables_and_lines_between_fences() -> None:
    assert as_markdown(f"\n{TABLE}\n\n{TABLE}\n5 of 5 right\nin all\n") == (
        f"{TABLE}\n\n{TABLE}\n\n```text\n5 of 5 right\nin all\n```"
    )


def test_each_block_of_the_page_is_made_by_a_benchmark_and_holds_its_figures() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for command in commands(page):
        assert find_spec(f"benchmarks.{command.split()[0]}")
        assert with_figures(page, command, "nothing") != page
        assert f"benchmarks.{command} -->\n\n<!-- end -->" not in page
