"""aiogram's types, built when they are first used.

aiogram has pydantic build its four hundred types while it is imported, each with all those that stand inside it: most
of the time and half of the memory that a start takes, and few of them are ever used. pydantic builds a type by itself
when it is first used, if the names in its annotations are found in its own module; aiogram imports them there for type
checkers only.
"""

import sys
from typing import Any

from pydantic import BaseModel


def load() -> None:
    """Import aiogram and leave its types to be built when they are used; where it was imported before, do nothing."""
    if "aiogram" in sys.modules:
        return
    namespaces: dict[type[BaseModel], dict[str, Any]] = {}

    def remember(cls: type[BaseModel], *, _types_namespace: dict[str, Any]) -> None:
        namespaces[cls] = _types_namespace

    rebuild = vars(BaseModel)["model_rebuild"]
    BaseModel.model_rebuild = classmethod(remember)  # type: ignore[assignment, method-assign] # only while aiogram is imported
    try:
        import aiogram  # noqa: F401 - this is what it is for
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign] # as it was
    for cls, names in namespaces.items():
        module = vars(sys.modules[cls.__module__])
        module.update({name: value for name, value in names.items() if name not in module})
