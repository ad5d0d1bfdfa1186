"""py3langid's model, cut down to the letters and the languages that are asked for.

It comes for 140 languages of all scripts: 70 MB, and 200 at the most while the library loads it. Its automaton walks
bytes, and with the letters of three scripts most of its states are never reached. What is left is a sixth; the answers
are the same.
"""

import ctypes
import lzma
import shutil
import tempfile
from array import array
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier


class CutModel(LanguageIdentifier):  # type: ignore[misc] # the library has no types
    """Answers `rank(text)` for texts of lower-case letters of an alphabet; any other byte counts as a blank."""

    def __init__(self, columns: bytes, *parts: Any, row_of: Sequence[int]) -> None:
        """`columns` says which column of the automaton is each byte's, `row_of` which row is each state's; `parts` are
        the others of the library's model."""
        super().__init__(*parts, norm_probs=True, tk_row=())
        width = max(columns) + 1
        self._columns, self._rowbase = columns, [width * row for row in row_of]

    def _encode(self, text: str) -> bytes:
        encoded: bytes = LanguageIdentifier._encode(text)
        return encoded.translate(self._columns)


def cut_model(alphabet: Collection[str], languages: Collection[str]) -> CutModel:
    """The model of these languages for texts of these letters and blanks."""
    letters = sorted(set(" ".join(alphabet).encode()))
    columns = bytearray(256)
    for column, letter in enumerate(letters):
        columns[letter] = column
    with tempfile.TemporaryFile() as unpacked:
        with lzma.open(MODEL_DIR / MODEL_FILE) as packed:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        unpacked.seek(0)
        with np.load(unpacked, allow_pickle=False) as parts:
            told = [place for place, name in enumerate(parts["classes"].tolist()) if name in languages]
            names, priors = parts["classes"][told].tolist(), parts["pc"][told]
            row_of, feature_of = parts["nextmove_row"], parts["out_feat"]
            rows = parts["nextmove"].reshape(-1, 256)[:, letters]
            states = _reached(rows, row_of)
            kept, row_of = np.unique(row_of[states], return_inverse=True)
            number = np.zeros(len(feature_of), dtype=np.uint32)
            number[states] = np.arange(len(states))
            moves = array("I", number[rows[kept]].tobytes())
            del rows
            features, feature_of = np.unique(feature_of[states], return_inverse=True)
            chances = parts["ptc"][features[1:]][:, told]  # the first stands for states that tell nothing, as -1
    model = CutModel(bytes(columns), chances, priors, names, moves, (feature_of - 1).tolist(), row_of=row_of.tolist())
    _give_back()
    return model


def _reached(rows: npt.NDArray[np.uint32], row_of: npt.NDArray[np.uint16]) -> npt.NDArray[np.intp]:
    """The states that are reached from the first by any row's moves, in order."""
    reached = np.zeros(len(row_of), dtype=bool)
    reached[0] = True
    latest = np.flatnonzero(reached)
    while latest.size:
        following = np.zeros_like(reached)
        following[rows[row_of[latest]]] = True
        latest = np.flatnonzero(following & ~reached)
        reached[latest] = True
    return np.flatnonzero(reached)


def _give_back() -> None:
    """Let the system have what is free: of what was large for a moment, glibc would keep some 25 MB for itself."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)
