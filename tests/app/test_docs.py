"""The pages tell of every setting and every command, and of no other; what they name and link is there."""

import re
import tomllib
from pathlib import Path

import click
import pytest
from dotenv import dotenv_values

from app.cli import COMMANDS, cli
from core.errors import StorageError, StorageUnavailable
from core.settings import PREFIX, Settings, load_settings, names, shown
from tests.app.conftest import Courant
from tests.interpreter import REPOSITORY

SETTINGS = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")
COMMANDS_PAGE = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")
OPERATING = (REPOSITORY / "docs" / "operating.md").read_text(encoding="utf-8")
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
BENCHMARKS = (REPOSITORY / "docs" / "benchmarks.md").read_text(encoding="utf-8")
CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
EXAMPLE = REPOSITORY / ".env.example"
PAGES = sorted([REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *(REPOSITORY / "docs").glob("*.md")])


def test_each_extra_is_locked_in_the_versions_that_the_tests_run_with() -> None:
    def locked(name: str) -> set[str]:
        lines = (REPOSITORY / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        return {line.rstrip("\\ ") for line in lines if line and line[0].isalpha()}

    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, wanted in project["optional-dependencies"].items():
        added = locked(name)
        assert added <= locked("dev")
        assert added.isdisjoint(locked("base"))
        for each in wanted:
            package = re.split(r"[^a-z-]", each)[0]
            assert any(line.startswith(f"{package}==") for line in added)


def test_every_setting_has_its_row() -> None:
    assert re.findall(rf"^\| `({PREFIX}\w+)` \|", SETTINGS, re.MULTILINE) != []
    assert set(re.findall(rf"^\| `({PREFIX}\w+)` \|", SETTINGS, re.MULTILINE)) == set(names())


def test_the_defaults_told_are_the_defaults() -> None:
    told = dict(re.findall(rf"^\| `({PREFIX}\w+)` \|\s*`?([^|`]*?)`?\s*\|", SETTINGS, re.MULTILINE))
    assert told == dict(shown(Settings.model_construct())) | {"COURANT_SEEDS": "seeds"}


def test_the_example_names_every_setting_once_and_can_be_used(home: Path) -> None:
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert sorted(line.partition("=")[0] for line in lines) == sorted(names())
    assert set(dotenv_values(EXAMPLE)) == set(names())
    assert dict(shown(load_settings(EXAMPLE))) == dict(shown(Settings.model_construct()))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_row_and_an_example(name: str) -> None:
    assert f"| [`courant {name}`](#" in COMMANDS_PAGE
    assert re.search(rf"^    .*\bcourant {name}\b", COMMANDS_PAGE, re.MULTILINE)


def test_every_option_of_every_command_in_the_page_exists() -> None:
    known = {option for command in _all(cli) for option in _options(command)} | {"--help"}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", COMMANDS_PAGE)) <= known


def test_the_page_for_alarms_tells_of_each_trouble_of_the_database() -> None:
    """By the beginning of the sentence that the log says."""
    troubles: list[type[StorageError]] = [*StorageError.__subclasses__(), *StorageUnavailable.__subclasses__()]
    sentences = [re.split(" [(]|[:']", trouble.sentence)[0] for trouble in troubles]
    assert len(sentences) > 7
    assert [sentence for sentence in sentences if f'| "{sentence}' not in OPERATING] == []


def test_the_figures_of_the_readme_are_those_of_the_benchmarks() -> None:
    table = README.partition("| what | Courant | beside it |")[2].partition("\n\n")[0]
    figures = set(re.findall(r"(?<![\w-])\d*[.,]?\d+(?:,\d{3})*(?!\w)", table))
    assert len(figures) > 10
    assert {figure for figure in figures if figure not in BENCHMARKS} == set()


def test_the_newest_release_is_the_version() -> None:
    released = re.search(r"^## (\d[\w.]*)", CHANGELOG, re.MULTILINE)
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert released is not None
    assert released[1] == project["version"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)", _prose(page))
    led = [((page.parent / target).resolve() if target else page, heading) for target, heading in links]
    assert [str(target) for target, _ in led if not target.exists()] == []
    assert [f"{target}#{heading}" for target, heading in led if heading and heading not in _headings(target)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_of_the_code_that_a_page_names_is_there(page: Path) -> None:
    folders = "app|benchmarks|bot|core|digest|docs|ingest|requirements|seeds|storage|tests"
    named = set(re.findall(rf"`((?:{folders})/[\w./-]+)`", _prose(page)))
    assert sorted(name for name in named if not (REPOSITORY / name).exists()) == []
    modules = set(re.findall(r"python -m (benchmarks\.\w+)", page.read_text(encoding="utf-8")))
    assert sorted(name for name in modules if not (REPOSITORY / f"{name.replace('.', '/')}.py").exists()) == []


@pytest.mark.parametrize("name", ["list", "add", "remove", "discover", "import", "export"])
def test_every_word_of_channels_has_help(name: str, courant: Courant) -> None:
    said = courant("channels", name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: courant channels {name}")


def _prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def _headings(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _all(group: click.Group) -> list[click.Command]:
    context = click.Context(group)
    found: list[click.Command] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found += [command, *(_all(command) if isinstance(command, click.Group) else [])]
    return found


def _options(command: click.Command) -> list[str]:
    return [name for each in command.params if isinstance(each, click.Option) for name in each.opts]
