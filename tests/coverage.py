"""Measures which lines and branches of Courant the tests reach, and fails where that is too little.

A plugin of pytest, for `-p tests.coverage`: what the command line names is loaded before any code that is to be
measured. Where the tests are spread over workers, each of them measures and hands over what it saw, and the first
process adds it up.
"""

import json
import os
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import slipcover

SOURCES = ("app", "bot", "core", "digest", "ingest", "storage")
BESIDE = "*/storage/migrations/*"  # loaded by their files, anew each time; tests take each of them up and down
LEAST = 94  # per cent of all lines and branches
NOT_CODE = (r"\.\.\.$", "@overload")  # beside `if TYPE_CHECKING:` and what says so itself

_REPOSITORY = Path(__file__).parents[1]
_KEPT = _REPOSITORY / ".pytest_cache" / "d" / "probes"
# From Python 3.12 on there are no probes: the interpreter itself tells of each line once.
_PROBES = sys.version_info < (3, 12)
# SlipCover can take out the probes that were hit. It then walks through every function of every module: done by itself,
# whenever a probe was hit often, that costs more than the probes; so it is done when so many tests have run.
_BY_ITSELF = -1
_TAKEN_OUT_AFTER = frozenset({25, 50, 100, 200, 400, 800, 1600})


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Begin to measure: the first conftest.py loads our own modules already."""
    spread = bool(getattr(early_config.known_args_namespace, "numprocesses", None))
    worker = "PYTEST_XDIST_WORKER" in os.environ
    early_config.pluginmanager.register(Coverage(measuring=worker or not spread), "courant-coverage")


class Coverage:
    """What was reached, here and in the workers.

    Args:
        measuring: Whether tests run in this process, and not in its workers only.
    """

    def __init__(self, *, measuring: bool) -> None:
        self._reached: dict[str, Any] = {}
        self._measure = None
        self._run = 0
        if measuring:
            folders = [str(_REPOSITORY / name) for name in SOURCES]
            self._measure = slipcover.Slipcover(
                branch=True,
                source=folders,
                omit=[BESIDE],
                exclude_also=list(NOT_CODE),
                d_miss_threshold=_BY_ITSELF,
            )
            ours = slipcover.FileMatcher(sources=folders, omit=[BESIDE])
            _measure_imports(self._measure, ours)

    def pytest_runtest_logfinish(self) -> None:
        """A test has run. What it reached is known, and is not asked for again."""
        self._run += 1
        if _PROBES and self._measure and self._run in _TAKEN_OUT_AFTER:
            self._measure.deinstrument_seen()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """A worker is done. One that was killed leaves nothing, and its test has failed."""
        if reached := getattr(node, "workeroutput", {}).get("coverage"):
            self._add(json.loads(reached))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what was reached, or judge it."""
        reached = self._measure.get_coverage() if self._measure else None
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["coverage"] = json.dumps(reached)
            return
        if reached:
            self._add(reached)
        if session.exitstatus == pytest.ExitCode.OK and self._percent < LEAST:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the files of which something was not reached, and what."""
        terminalreporter.section("coverage")
        table = StringIO()
        if self._reached:
            slipcover.print_coverage(self._reached, outfile=table, skip_covered=True, missing_width=60)
        terminalreporter.write_line(table.getvalue().strip())
        verdict = f"{self._percent:.2f} % of lines and branches are covered, {LEAST} % are asked for"
        terminalreporter.write_line(verdict, red=self._percent < LEAST)

    @property
    def _percent(self) -> float:
        return float(self._reached["summary"]["percent_covered"]) if self._reached else 0.0

    def _add(self, reached: dict[str, Any]) -> None:
        self._reached = slipcover.merge_coverage(self._reached, reached) if self._reached else reached


def _measure_imports(measure: Any, ours: slipcover.FileMatcher) -> None:
    """Measure what is imported of ours, for as long as the process lives."""
    if _PROBES:
        from tests.probes import Probed, ProbedImports

        files = [each for name in SOURCES for each in sorted((_REPOSITORY / name).rglob("*.py")) if ours.matches(each)]
        workers, mine = os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"), os.environ.get("PYTEST_XDIST_WORKER", "gw0")
        begin = len(files) * int(mine.removeprefix("gw")) // int(workers)
        Probed(slipcover.Slipcover(branch=True, d_miss_threshold=_BY_ITSELF), _KEPT).keep(files, begin)
        sys.meta_path.insert(0, ProbedImports(measure, SOURCES, ours.matches, _KEPT))
    else:
        slipcover.ImportManager(measure, ours).__enter__()
