"""`courant channels import` and `export`: lists of channels from and to other programs."""

from collections.abc import Sequence
from pathlib import Path

import click

from app.console import put, say, some
from app.opml import read_opml, write_opml
from app.seeds import lists_file, own_lists
from core.errors import BadInput
from core.list_edits import add_channels, add_folder, id_for
from core.list_file import MOST_BYTES, load_text, text_of
from core.list_names import list_named
from core.lists import listed_name, read_lists
from core.model import ChannelList
from core.settings import load_settings


@click.command("export", short_help="The lists as TOML or OPML.")
@click.option("--format", "form", type=click.Choice(("toml", "opml")), default="toml", show_default=True)
def export_lists(form: str) -> None:
    """Print the lists as they stand in channels.toml, or as OPML for a feed reader."""
    path = lists_file(load_settings())
    text = load_text(path)
    lists = read_lists(text, str(path))
    put((text if form == "toml" else write_opml(lists)).rstrip("\n"))


@click.command("import", short_help="Take the channels of an OPML or TOML file into the lists.")
@click.argument("theirs", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--list", "list_id", help="Put all channels into this list, instead of lists named as in the file.")
def import_lists(theirs: Path, list_id: str | None) -> None:
    """Take over the channels of another channels.toml, or the Telegram channels of a feed reader's OPML. Lists that are
    there already get what is new."""
    file = own_lists(load_settings())
    what = str(file.path)
    wanted = _lists(theirs)
    added = 0

    def change(text: str) -> str:
        nonlocal added
        for own_id, title, names, slug in wanted:
            target = list_id or own_id or _id_of(title, read_lists(text, what).lists)
            if slug is not None:
                text = add_folder(text, target, slug, title, what)
            known = read_lists(text, what).of(target)
            present = {name.lower() for name in known.channels} if known else set()
            if names or slug is None:
                text = add_channels(text, target, names, title, what)
            added += len({listed_name(name).lower() for name in names} - present)
        return text

    file.edit(change)
    say(f"{some(added, 'channel')} added")


def _id_of(title: str, lists: Sequence[ChannelList]) -> str:
    """The list that is called so, in whatever language, else an id that is made of it: one that is free, for all titles
    without a Latin letter make the same one. What stands in no list goes into one that has no title either."""
    found = list_named(title, lists)
    return found.id if found else id_for(title, [each.id for each in lists if title or each.titles])


def _lists(file: Path) -> list[tuple[str, str, list[str], str | None]]:
    """(id, title, channels, folder) of each list in a file; OPML knows no id."""
    try:
        with file.open("rb") as opened:
            document = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(file, f"cannot be read: {error.strerror}") from error
    if document.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        found: list[tuple[str, str, list[str], str | None]] = [
            ("", title, names, None) for title, names in read_opml(document, str(file)).items()
        ]
    else:
        lists = read_lists(text_of(document, file), str(file))
        found = [
            (each.id, each.title("en"), list(map(lists.written, each.channels)), each.folder) for each in lists.lists
        ]
    if not any(names or slug for _, _, names, slug in found):
        raise BadInput(file, "there are no Telegram channels in it")
    return found
