"""What the gate finds wrong with a sentence that is said of posts."""

from datetime import UTC, datetime

from digest.summaries.gate import Claim, Evidence, Flaw, check

NOON = datetime(2025, 2, 18, 12, tzinfo=UTC)


def flaw(said: str, *posts: str, language: str = "en") -> Flaw | None:
    """The flaw of a sentence that cites all these posts, published at noon; None where it passes."""
    found = check(Claim(said, tuple(range(len(posts)))), [Evidence(post, NOON) for post in posts], language)
    return found if isinstance(found, Flaw) else None
