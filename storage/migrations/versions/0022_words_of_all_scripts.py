"""what words are in scripts without blanks, in those with signs for vowels, in tags and in two alphabets

A run of Chinese, Japanese or Thai was one word, and a Hindi or Tamil word ended at each sign for a vowel, so that
searches found next to nothing; Arabic, Persian, Greek and Hindi words were found only as they are written. What is
stored with a letter of these scripts is indexed anew, whichever its language: Chinese with three Latin words was taken
for English. So is what has a tag of several words, a word with a letter of the other alphabet in it, or «ИИ» (AI),
which was found as «и» is.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from core.words import SIGNS, UNSPACED
from storage.search import channel_mark, found_by, language_mark, vector

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_BATCH = 500
_TEXTS = {
    "post_words": "SELECT id, channel_id, '' AS title, coalesce(body, text) AS text, language FROM post",
    "article_words": """
        SELECT id, NULL AS channel_id, coalesce(title, '') AS title, text, language FROM article""",
}
_PUT = {
    "sqlite": "UPDATE {index} SET words = :words WHERE rowid = :id",
    "postgresql": "UPDATE {index} SET words = CAST(:words AS tsvector) WHERE id = :id",
}
# one after the other: in one expression they take two to five times as long
_SCRIPTS = re.compile(f"[{UNSPACED}{SIGNS}\u0370-\u03ff\u0620-\u06ff]")
_TAG = re.compile("#[A-ZА-ЯЁ]")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_ODD = re.compile(  # beside a Latin letter, or a word of its own
    f"[A-Za-zÀ-ɏ](?:(?={_CYRILLIC.pattern})|(?<={_CYRILLIC.pattern}.))|[Ии](?<![^\\W_].)[Ии](?![^\\W_])"
)


def upgrade() -> None:
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    for index in _TEXTS:
        put = sa.text(_PUT[connection.dialect.name].format(index=index))
        for rows in _in_such_scripts(connection, index):
            values = []
            for row in rows:
                marks = [language_mark(row.language)]
                if row.channel_id is not None:
                    marks.insert(0, channel_mark(row.channel_id))
                words = found_by(f"{row.title}\n{row.text}")
                values.append({"id": row.id, "words": " ".join(words) if sqlite else vector(words, marks)})
            connection.execute(put, values)


def downgrade() -> None:
    """Nothing to take back: an older Courant finds these texts as badly as before."""


def _in_such_scripts(connection: sa.Connection, index: str) -> Iterator[list[sa.Row[Any]]]:
    """The texts whose words are others now, in batches."""
    statement = sa.text(f"{_TEXTS[index]} WHERE id > :last ORDER BY id LIMIT {_BATCH}")
    last = -(1 << 63)
    while rows := list(connection.execute(statement, {"last": last})):
        last = rows[-1].id
        if wanted := [row for row in rows if row.text and _has_others(f"{row.title}\n{row.text}")]:
            yield wanted


def _has_others(text: str) -> bool:
    return bool(_SCRIPTS.search(text) or _TAG.search(text) or (_CYRILLIC.search(text) and _ODD.search(text)))
