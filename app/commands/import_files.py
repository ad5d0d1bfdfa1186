"""`courant import`: saved pages, exports and JSON Lines into the archive."""

from pathlib import Path

import click

from app.console import SystemExitWith, in_loop, progress, put, put_json, say, some
from app.wiring import open_store, settle, take_lists
from core.clock import utc_now
from core.settings import Settings, load_settings
from ingest.exports.importing import Imported, import_paths
from ingest.intake import Intake


@click.command("import")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object.")
def command(paths: tuple[Path, ...], as_json: bool) -> None:
    """Read files, or folders with all below them: preview pages (.html), Telegram Desktop's result.json, JSON Lines of
    posts; packed with gzip or not; - is stdin. Importing twice changes nothing.

    What cannot be read is told on stderr and skipped; the command fails where nothing could be read at all.
    """
    done = in_loop(_import(load_settings(), paths))
    for problem in done.problems:
        say(str(problem))
    if done.unreadable > len(done.problems):
        say(f"and {done.unreadable - len(done.problems)} more")
    counts = done.counts
    if as_json:
        put_json(counts)
    else:
        put(
            f"{some(counts['posts'], 'post')} of {some(counts['channels'], 'channel')}: {counts['new']} new, "
            f"{counts['edited']} edited, {counts['unchanged']} unchanged; {counts['skipped']} skipped"
        )
    if done.unreadable and not counts["posts"]:
        raise SystemExitWith(1)


async def _import(chosen: Settings, paths: tuple[Path, ...]) -> Imported:
    async with open_store(chosen) as store:
        await take_lists(chosen, store)
        with progress("posts read") as tell:
            done = await import_paths(Intake(store, utc_now), paths, utc_now(), tell)
        await settle(chosen, store)
    return done
