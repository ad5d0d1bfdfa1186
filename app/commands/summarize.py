"""`courant summarize`: texts of one event to a summary that names its sources, as a filter."""

import sys
from typing import BinaryIO

import click

from app.console import BadLines, json_lines, put
from digest.summaries.lines import summarize_line


@click.command("summarize")
@click.argument("file", type=click.File("rb"), default="-")
def command(file: BinaryIO) -> None:
    """JSON Lines, {"id","texts":[…],"dates"?,"language"?,"sentences"?,"words"?}, to {"id","summary","sentences"}.

    FILE is stdin where it is not given; each line is answered before the next one is read.
    """
    bad = BadLines(file)
    for number, line in json_lines(file, bad):
        try:
            answer = summarize_line(line)
        except ValueError as error:
            bad.add(number, str(error))
            continue
        put(answer)
        sys.stdout.flush()
    bad.end()
