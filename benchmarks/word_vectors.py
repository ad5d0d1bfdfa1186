"""Vectors of words by the texts they stand in: latent semantic analysis (Deerwester et al., 1990). Needs scikit-learn.

Words that are used alike are near each other, so what few labels teach of one holds for its neighbours in part.
"""

import importlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 200
FEWEST_TEXTS = 8  # that have a word


def word_vectors(texts: Sequence[Collection[str]]) -> Mapping[str, NDArray[np.float64]]:
    """A vector of `DIMENSIONS` numbers, of length 1 on the mean, for each word that enough of the texts have; each text
    is given as the words in it."""
    sparse = importlib.import_module("scipy.sparse")
    decomposed = importlib.import_module("sklearn.utils.extmath").randomized_svd
    counted = Counter(word for text in texts for word in {*text})
    words = sorted(word for word, number in counted.items() if number >= FEWEST_TEXTS)
    column = {word: at for at, word in enumerate(words)}
    rarity = np.log(len(texts) / np.array([counted[word] for word in words]))
    columns, starts = list[int](), [0]
    for text in texts:
        columns += sorted(column[word] for word in {*text} if word in column)
        starts.append(len(columns))
    table = sparse.csr_matrix((rarity[columns], columns, starts), shape=(len(texts), len(words)))
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1)).ravel())
    table = sparse.diags(1 / np.maximum(lengths, 1e-9)) @ table
    _, _, directions = decomposed(table, DIMENSIONS, random_state=0)
    vectors = directions.T * rarity[:, None]
    vectors /= np.linalg.norm(vectors, axis=1).mean()
    return dict(zip(words, vectors, strict=True))
