"""A digest as what is kept of it and as what stands in the outbox."""

from collections.abc import Collection
from typing import Any

from bot.callbacks import Like, Show
from bot.looks import RICH
from core.model import StoryId
from digest.build import Made
from digest.kept import to_kept
from digest.model import Button, Buttons, Digest
from digest.render import classic, rich
from digest.render.jsonform import as_object
from storage.editions import NewEdition


def edition_of(made: Made) -> NewEdition:
    """A digest as it is kept for all its readers."""
    return NewEdition(value=as_object(made.digest), whole=to_kept(made.digest), cited=made.cited)


def payloads(digest: Digest, look: str, told: Collection[StoryId] = (), *, begun: bool = False) -> list[dict[str, Any]]:
    """A digest as what stands in the outbox, one payload a part, each with the stories it tells. A rich one carries its
    classic form with it. Where it was `begun`, what follows the parts that have `told` these stories."""
    parts: list[dict[str, Any]] = [
        {
            "method": "sendMessage",
            "text": part.html,
            "buttons": _rows(part.buttons),
            "stories": list(part.stories),
            **({"corrections": True} if part.corrections else {}),
        }
        for part in classic.render(digest, told, begun=begun)
    ]
    if look != RICH or begun:
        return parts
    message = {
        "method": "sendRichMessage",
        "rich": {"html": rich.render(digest)},
        "buttons": parts[-1]["buttons"],
        "stories": [story.id for story in digest.stories],
        **({"corrections": True} if digest.corrections else {}),
    }
    return [{**message, "otherwise": parts}]


def _rows(buttons: Buttons) -> list[list[dict[str, str]]]:
    return [[_button(button) for button in row] for row in buttons]


def _button(button: Button) -> dict[str, str]:
    """A digest's button as the outbox keeps it."""
    match button.action:
        case "more" | "less":
            return {"text": button.text, "data": Like(story=int(button.argument), more=button.action == "more").pack()}
        case "settings":
            return {"text": button.text, "data": Show(page="new-settings").pack()}
        case about_the_digest:
            return {"text": button.text, "of_digest": about_the_digest}
