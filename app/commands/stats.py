"""`courant stats`: what there is, and how much comes in."""

from pathlib import Path
from typing import Any

import click

from app.console import in_loop, put, put_json
from app.wiring import open_store
from core.clock import utc_now
from core.errors import BadInput
from core.settings import Settings, load_settings
from digest.summaries.writer import KEEP

_BAR = 40


@click.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--png", type=click.Path(path_type=Path, dir_okay=False), help="Draw the posts a day into this file.")
def command(as_json: bool, png: Path | None) -> None:
    """Posts a day (the last 30 days that have any), channels, readers by state, digests and their messages, and what a
    model cost in 30 days, in the unit of its prices."""
    found = in_loop(_count(load_settings()))
    if png:
        _draw(found["days"], png)
    if as_json:
        put_json(found)
        return
    put(f"posts     {found['posts']:,}")
    put(f"stories   {found['stories']:,}")
    put(f"channels  {found['channels']:,} followed, {found['failing']:,} of them could not be read last time")
    put(f"readers   {_states(found['readers'])}")
    put(f"digests   {found['digests']:,}; messages: {_states(found['messages'])}")
    if found["cost"]:
        put(f"model     {found['cost']:,.2f} in {KEEP.days} days")
    most = max(found["days"].values(), default=1)
    for day, number in found["days"].items():
        put(f"{day}  {number:7,}  {'▇' * max(1, round(_BAR * number / most))}")


async def _count(chosen: Settings) -> dict[str, Any]:
    async with open_store(chosen) as store, store.read() as tx:
        outbox = await tx.outbox.counts()
        readings = await tx.channels.present()
        return {
            "posts": await tx.posts.count(),
            "stories": await tx.stories.counts(),
            "channels": len(readings),
            "failing": sum(each.failures > 0 for each in readings),
            "readers": await tx.readers.counts(),
            "digests": outbox.pop("digests"),
            "messages": {key.removeprefix("parts_"): number for key, number in outbox.items()},
            "cost": (await tx.summaries.spent(utc_now() - KEEP)).cost,
            "days": dict(sorted((await tx.posts.days()).items())),
        }


def _states(states: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {state}" for state, number in sorted(states.items())) or "none"


def _draw(days: dict[str, int], file: Path) -> None:
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise BadInput(file, "drawing needs `make charts`, or `pip install -e '.[charts]'`") from error
    figure = Figure(figsize=(10, 4), layout="constrained")
    axes = figure.add_subplot()
    axes.bar(list(days), list(days.values()), color="#4a6fa5")
    axes.set_ylabel("posts")
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(axis="x", rotation=60, labelsize=8)
    try:
        figure.savefig(file, format="png", dpi=150)
    except OSError as error:
        raise BadInput(file, f"cannot be written: {error.strerror}") from error
