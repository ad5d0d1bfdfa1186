"""`courant backup`: a consistent copy of the database while it runs."""

from pathlib import Path

import click

from app.console import in_loop, progress, say
from app.wiring import open_store
from core.settings import Settings, load_settings


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(file: Path) -> None:
    """Write a copy of the SQLite database to FILE, which must be new. PostgreSQL has its own pg_dump."""
    in_loop(_backup(load_settings(), file))
    say(f"{file}: {file.stat().st_size / 1024 / 1024:.1f} MB")


async def _backup(chosen: Settings, file: Path) -> None:
    async with open_store(chosen, as_it_is=True) as store:  # a new Courant must not change what is copied first
        with progress("MB copied") as tell:
            await store.backup(file, lambda copied: tell(copied >> 20))
