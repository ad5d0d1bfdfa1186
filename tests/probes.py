"""Code with SlipCover's probes in it, kept from one run of the tests to the next.

To put them in takes longer than to load all that Courant and its tests are made of. What is kept is known by what its
file says, so it is never out of date. It holds where each probe belongs, for a probe itself is the process's own.
"""

import ast
import hashlib
import marshal
import os
import sys
from collections.abc import Callable, Collection, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from slipcover import branch, bytecode, probe
from slipcover.version import __version__

# Code without probes; the place of what they call among its constants; those of the probes, and what each notes; where
# in the code each is called; and the same of the functions in it, with their places.
Form = tuple[CodeType, int, list[tuple[int, Any]], list[tuple[int, Any]], list[tuple[int, Any]]]


class Probed:
    """Gives code with probes in it, kept or new.

    Args:
        measure: SlipCover as it is before Python 3.12, which from then on needs no probes.
        folder: Where the code is kept.
    """

    def __init__(self, measure: Any, folder: Path) -> None:
        self._measure = measure
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def code(self, path: Path) -> CodeType:
        """The code of this file."""
        name, measure = str(path), self._measure
        source = path.read_bytes()
        key = hashlib.sha256(repr((sys.version, __version__, name)).encode() + source).digest()
        kept = self._kept(path)
        if kept.exists():
            known, form, lines, branches = marshal.loads(kept.read_bytes())  # noqa: S302 - our own, written below
            if known == key:
                code = self._with_probes(form)
                measure.code_lines[name].update(lines)
                measure.code_branches[name].update(branches)
                measure.instrumented[name].add(code)
                return code
        made: CodeType = measure.instrument(compile(branch.preinstrument(ast.parse(source)), name, "exec"))
        found = (key, self._without_probes(made), measure.code_lines[name], measure.code_branches[name])
        aside = kept.with_suffix(f".{os.getpid()}")  # another process may read or write meanwhile
        aside.write_bytes(marshal.dumps(found))
        aside.replace(kept)
        return made

    def keep(self, paths: Sequence[Path], begin: int) -> None:
        """Make what is not kept yet of these files, from one of them on and round: processes that begin at different
        ones at the same time share the work, and find what the others made."""
        for path in (*paths[begin:], *paths[:begin]):
            if not self._kept(path).exists():
                self.code(path)

    def _kept(self, path: Path) -> Path:
        return self._folder / hashlib.sha256(str(path).encode()).hexdigest()

    def _without_probes(self, code: CodeType) -> Form:
        constants, calls, editor = list(code.co_consts), self._measure.code2index[code], bytecode.Editor(code)
        probes = [(editor.get_inserted_function(offset)[1], noted) for offset, noted in calls]
        within = [
            (place, self._without_probes(each)) for place, each in enumerate(constants) if isinstance(each, CodeType)
        ]
        signal = constants.index(probe.signal)
        for place in (signal, *(place for place, _ in probes), *(place for place, _ in within)):
            constants[place] = None
        return code.replace(co_consts=tuple(constants)), signal, probes, calls, within

    def _with_probes(self, form: Form) -> CodeType:
        bare, signal, probes, calls, within = form
        constants, measure = list(bare.co_consts), self._measure
        constants[signal] = probe.signal
        for place, noted in probes:
            constants[place] = probe.new(measure, bare.co_filename, noted, measure.d_miss_threshold)
        for place, inner in within:
            constants[place] = self._with_probes(inner)
        code = bare.replace(co_consts=tuple(constants))
        measure.code2index[code] = calls
        return code


class ProbedImports(MetaPathFinder):
    """Puts probes into what is imported of our own: of these packages, the files that are `ours`."""

    def __init__(self, measure: Any, packages: Collection[str], ours: Callable[[str], bool], folder: Path) -> None:
        self._measure, self._packages, self._ours = measure, packages, ours
        self._probed = Probed(measure, folder)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.partition(".")[0] not in self._packages:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.origin and isinstance(spec.loader, SourceFileLoader) and self._ours(spec.origin):
            spec.loader = _Loader(name, spec.origin, self._measure, self._probed)
            return spec
        return None


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, measure: Any, probed: Probed) -> None:
        super().__init__(name, path)
        self._measure, self._probed = measure, probed

    def get_code(self, fullname: str) -> CodeType:
        return self._probed.code(Path(self.path))

    def exec_module(self, module: ModuleType) -> None:
        self._measure.register_module(module)
        super().exec_module(module)
