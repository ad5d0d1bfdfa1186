"""The scripted run of `benchmarks/chaos.py` at a small size."""

from benchmarks.chaos import FAULTS, run


async def test_nothing_is_lost_doubled_or_stale_where_everything_goes_wrong() -> None:
    row = await run(seed=3, channels=5, posts=60)
    assert row["posts"] >= 60
    assert {name: row[name] for name in FAULTS} == {"lost": 0, "doubled": 0, "stale": 0}
