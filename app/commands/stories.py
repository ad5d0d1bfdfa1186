"""`courant stories`: which posts tell of the same event, as a filter."""

from collections.abc import Iterator
from typing import BinaryIO

import click

from app.console import BadLines, json_lines, put
from core.collecting import seldom_collecting
from core.huge_pages import in_huge_pages
from digest.stories.lines import group_lines


@click.command("stories")
@click.option("--explain", is_flag=True, help='Add "score" and "with": how near the story is, and a post of it.')
@click.argument("file", type=click.File("rb"), default="-")
def command(explain: bool, file: BinaryIO) -> None:
    """JSON Lines of posts, {"id","channel","date","text","title"?}, to {"id","story"}, in the same order.

    FILE is stdin where it is not given. The whole input is read first: words weigh by how common they are in it.
    """
    bad = BadLines(file)
    numbers: list[int] = []

    def lines() -> Iterator[str]:
        for number, line in json_lines(file, bad):
            numbers.append(number)
            yield line  # and is not kept: that would be an eighth of the memory

    with seldom_collecting(), in_huge_pages():
        answers, wrong = group_lines(lines(), explain=explain)
    for each in wrong:
        bad.add(numbers[each.line - 1], each.reason)
    for answer in answers:
        put(answer)
    bad.end()
