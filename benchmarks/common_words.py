"""Makes `digest/stories/common_words.txt`: in how many of a thousand posts each common stem occurs.

    python -m benchmarks.common_words > digest/stories/common_words.txt

Counted over Russian posts of before the labelled window (telegram_posts/nktkln, CC BY 4.0) and over pieces, of the
length of a post, of English news articles (extraction: scrapinghub MIT, newspaper4k Apache-2.0). Of the sets that
`benchmarks.stories` scores, three of the five windows lie in those days, and their words are counted among the others;
the labelled window's channels are the same, at a later time.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from benchmarks.data import needed, nktkln_posts
from digest.stories.terms import is_cyrillic_term, is_number, read_terms

BEFORE = "2024-11-25"
PIECE = 400  # characters
LEAST = 4  # posts of a thousand


def russian() -> Iterator[str]:
    return (post["text"] for post in nktkln_posts() if post["date"] < BEFORE and post["text"])


def english() -> Iterator[str]:
    folder = needed("extraction")
    pages = json.loads((folder / "scrapinghub/ground-truth.json").read_text())
    bodies = [page["articleBody"] for page in pages.values()]
    bodies += [item["text"] for item in json.loads((folder / "newspaper4k_dataset/news_articles.json").read_text())]
    for body in bodies:
        for at in range(0, min(len(body), 8 * PIECE), PIECE):
            yield body[at : at + PIECE]


def shares(texts: Iterable[str], *, cyrillic: bool) -> dict[str, int]:
    """Of a thousand texts of the script, how many have each common stem."""
    number, found = 0, Counter[str]()
    for text in texts:
        terms = read_terms(text)
        if terms.cyrillic is not cyrillic or len(terms.counts) < 8:
            continue
        number += 1
        found.update(term for term in terms.counts if not is_number(term) and is_cyrillic_term(term) is cyrillic)
    return {term: round(1000 * count / number) for term, count in found.items() if 1000 * count >= LEAST * number}


def main() -> None:
    for table in (shares(english(), cyrillic=False), shares(russian(), cyrillic=True)):
        for term, share in sorted(table.items(), key=lambda item: (-item[1], item[0])):
            print(term, share)


if __name__ == "__main__":
    main()
