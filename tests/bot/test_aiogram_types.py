"""aiogram's types are built when they are used, and can be."""

import typing

import aiogram
from aiogram import types

from tests.interpreter import modules_after

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "/start"}


def test_a_start_builds_no_type_that_is_not_used() -> None:
    modules_after(
        "import bot; from aiogram.types import PassportData, Update;"
        f"said = Update.model_validate({{'update_id': 1, 'message': {MESSAGE}}}).message;"
        "assert (said.text, said.chat.id) == ('/start', 1);"
        "assert not PassportData.__pydantic_complete__"
    )


def test_every_type_knows_the_names_in_its_annotations() -> None:
    for name in types.__all__:
        if hasattr(kind := getattr(types, name), "model_fields"):
            typing.get_type_hints(kind, localns={"Bot": aiogram.Bot}, include_extras=True)
