"""Where no PostgreSQL can be run, tests that need one are skipped."""

import os

import pytest

from tests.databases import postgres_programs


def test_who_has_no_name_here_has_no_server_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    assert postgres_programs() is None
