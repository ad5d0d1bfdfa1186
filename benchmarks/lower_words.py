"""Makes `digest/text/lower_words.txt`: stems of words that are written small, so that one at the start of a sentence is
no name.

    python -m benchmarks.lower_words > digest/text/lower_words.txt

Counted over what `benchmarks.common_words` reads: Russian posts of before the labelled window and English articles.
"""

import re
from collections import Counter

from benchmarks.common_words import english, russian
from core.words import stem
from digest.text.tidy import tidy

LEAST = 3  # times that a word is written small, and no seldomer than with a capital inside a sentence
_INSIDE = re.compile(r"(?<=[a-zа-яё,] )[^\W\d_]{3,}")


def main() -> None:
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for text in [*russian(), *english()]:
        for word in _INSIDE.findall(tidy(text)):
            if word.islower():
                small[stem(word)] += 1
            elif word[0].isupper():
                capital[stem(word)] += 1
    print("\n".join(sorted(root for root, times in small.items() if times >= max(LEAST, capital[root]))))


if __name__ == "__main__":
    main()
