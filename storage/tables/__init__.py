"""The tables. Rows stay in this package; frozen values leave it.

A post's key is made of its time (`storage.keys`), so the key order is the order of publishing, and a window of time is
a range of keys in every index that holds them, the full-text index included.
"""

from storage.tables.accounts import AccountCallRow, AccountRestRow, AccountRow, JoinRefusalRow, PeerRow, RefusalRow
from storage.tables.articles import ArticleEditRow, ArticleRow, PostArticleRow, WebHostRow
from storage.tables.base import Row, metadata, table_of
from storage.tables.channels import ChannelRow, FolderChannelRow, FolderRow, ListChannelRow, ListRow, ReadingRow
from storage.tables.digests import DRAWN, UNSENT, CitationRow, CorrectedRow, DigestRow, EditionRow, OutboxRow
from storage.tables.posts import EditRow, PostRow
from storage.tables.readers import KeywordRow, LikingRow, QueryRow, ReaderRow, SeenRow, SubscriptionRow
from storage.tables.stories import EmbeddingRow, StoryRow, SummaryRow

__all__ = [
    "DRAWN",
    "UNSENT",
    "AccountCallRow",
    "AccountRestRow",
    "AccountRow",
    "ArticleEditRow",
    "ArticleRow",
    "ChannelRow",
    "CitationRow",
    "CorrectedRow",
    "DigestRow",
    "EditRow",
    "EditionRow",
    "EmbeddingRow",
    "FolderChannelRow",
    "FolderRow",
    "JoinRefusalRow",
    "KeywordRow",
    "LikingRow",
    "ListChannelRow",
    "ListRow",
    "OutboxRow",
    "PeerRow",
    "PostArticleRow",
    "PostRow",
    "QueryRow",
    "ReaderRow",
    "ReadingRow",
    "RefusalRow",
    "Row",
    "SeenRow",
    "StoryRow",
    "SubscriptionRow",
    "SummaryRow",
    "WebHostRow",
    "metadata",
    "table_of",
]
