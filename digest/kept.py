"""A digest as the database keeps it: everything, so that it can be drawn again."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from digest.model import Digest


def to_kept(digest: Digest) -> dict[str, Any]:
    """The digest as JSON that `from_kept` reads."""
    kept: dict[str, Any] = _form().dump_python(digest, mode="json")
    return kept


def from_kept(value: Mapping[str, Any]) -> Digest | None:
    """The digest as it was kept; None where another version kept it in a form that is not known."""
    try:
        return _form().validate_python(value)
    except ValidationError:
        return None


@cache
def _form() -> TypeAdapter[Digest]:
    return TypeAdapter(Digest)
