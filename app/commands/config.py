"""`courant config`: the settings in force."""

import click

from app.console import put, put_json
from core.settings import load_settings, shown


@click.command("config")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(as_json: bool) -> None:
    """Every setting as NAME=value; docs/settings.md tells what each does."""
    values = dict(shown(load_settings()))
    if as_json:
        put_json(values)
        return
    for name, value in values.items():
        put(f"{name}={value}")
