"""A model from the settings puts the digest into words; without its answer the digest comes all the same."""

import asyncio
import json
from pathlib import Path

import pytest

from digest.text.sentences import split_sentences
from tests.app.conftest import Courant
from tests.servers.llm import LlmService

_WINDOW = ("--list", "world", "--from", "2025-02-17T18:00", "--to", "2025-02-18T18:00", "--format", "json")


def first_sentence(text: str) -> str:
    return split_sentences(text)[0]


async def test_a_model_named_in_the_settings_is_asked_once_for_each_story(
    day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with LlmService() as service:
        service.answers = lambda question: {
            "title": first_sentence(question.posts[1]),
            "sentences": [{"text": first_sentence(question.posts[1]), "posts": [1]}],
        }
        monkeypatch.setenv("COURANT_LLM_BASE_URL", service.url)
        monkeypatch.setenv("COURANT_LLM_API_KEY", "sk-test")
        monkeypatch.setenv("COURANT_LLM_MODEL", "small")
        monkeypatch.setenv("COURANT_LLM_PRICE_OUT", "1000")
        said = await asyncio.to_thread(courant, "digest", *_WINDOW)
        asked = len(service.questions)
        again = await asyncio.to_thread(courant, "digest", *_WINDOW)
        assert len(service.questions) == asked > 5
    stories = json.loads(said.out)["stories"]
    assert said.code == 0
    assert [len(story["summary"]) for story in stories].count(1) > 5
    assert all(sentence["sources"] for story in stories for sentence in story["summary"])
    assert json.loads(again.out) == json.loads(said.out)
    stats = await asyncio.to_thread(courant, "stats")
    cost = (await asyncio.to_thread(courant, "stats", "--json")).objects[0]["cost"]
    assert cost > 0
    assert f"model     {cost:,.2f} in 30 days" in stats.lines


async def test_a_model_that_does_not_answer_costs_no_digest(
    day: Path, courant: Courant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = await asyncio.to_thread(courant, "digest", *_WINDOW)
    monkeypatch.setenv("COURANT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("COURANT_LLM_MODEL", "small")
    said = await asyncio.to_thread(courant, "digest", *_WINDOW)
    assert said.code == 0
    assert json.loads(said.out) == json.loads(plain.out)
