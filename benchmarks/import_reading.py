"""Posts a second that `ingest.exports.files` reads on one core, from JSON Lines and from a `result.json`, without
storing.

Run: `python -m benchmarks.import_reading [N]`.
"""

import io
import json
import resource
import sys
import time
from datetime import UTC, datetime

from core.model import NewPost
from ingest.exports.files import read_file

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXT = "Президент подписал указ о повышении ставки. " * 8 + "https://example.com/a "


def lines(count: int) -> bytes:
    """Post objects with what a preview page gives."""
    return "".join(
        json.dumps(
            {
                "channel": f"news_{n % 50}",
                "id": n + 1,
                "date": "2026-11-20T10:00:00Z",
                "text": f"{TEXT}{n}",
                "links": ["https://example.com/a", "https://t.me/news"],
                "views": 1200,
                "media": {"photos": 1},
                "reactions": [{"emoji": "👍", "count": 3}],
            },
            ensure_ascii=False,
        )
        + "\n"
        for n in range(count)
    ).encode()


def export(count: int) -> bytes:
    """A channel as Telegram Desktop writes it."""
    messages = [
        {
            "id": n + 1,
            "type": "message",
            "date_unixtime": "1795000000",
            "text": [TEXT, {"type": "link", "text": "https://example.com/a"}],
            "text_entities": [
                {"type": "plain", "text": TEXT},
                {"type": "link", "text": "https://example.com/a"},
            ],
        }
        for n in range(count)
    ]
    return json.dumps(
        {"name": "News", "type": "public_channel", "id": 7, "messages": messages}, indent=1, ensure_ascii=False
    ).encode()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for label, data in (("JSON Lines", lines(count)), ("result.json", export(count))):
        began = time.process_time()
        posts = sum(isinstance(one, NewPost) for one in read_file(io.BytesIO(data), label, NOW))
        seconds = time.process_time() - began
        print(f"{label:12} {posts:,} posts, {len(data) >> 20} MB: {posts / seconds:,.0f} posts/s")
    print(f"peak memory, the data included: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


if __name__ == "__main__":
    main()
