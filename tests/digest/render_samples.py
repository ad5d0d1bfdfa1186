"""A small digest of our own making, and strategies for hostile ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from core.model import PostId, StoryId
from digest.model import (
    CitedPost,
    CitedSentence,
    Correction,
    Credit,
    Difference,
    Digest,
    Earlier,
    LeftOut,
    ListRef,
    Note,
    StaleChannel,
    StoryView,
)

NOON = datetime(2025, 2, 18, 9, 0, tzinfo=UTC)
MOSCOW = ZoneInfo("Europe/Moscow")


def post(channel: str, number: int, minutes: int, lead: str = "", *, copy: bool = False) -> CitedPost:
    return CitedPost(
        channel=channel,
        channel_title=channel.replace("_", " ").title(),
        url=f"https://t.me/{channel}/{number}",
        date=NOON - timedelta(minutes=minutes),
        lead=lead,
        copy=copy,
    )


TALKS = StoryView(
    id=StoryId(7),
    title="Presidents open direct talks",
    summary=(
        CitedSentence(text="The two presidents agreed by telephone to start negotiations.", sources=(0, 2)),
        CitedSentence(text="The rouble rose 5 % after the call.", sources=(1,)),
    ),
    posts=(
        post("world_wire", 10, 44, "Presidents agree to talk"),
        post("coin_post", 3, 30, "The rouble rose 5 %"),
        post("gull", 8, 20, copy=True),
    ),
    score=6.5,
    why=("3 independent channels",),
    topic="Diplomacy",
    differences=(
        Difference(
            one=CitedSentence(text="The call took 90 minutes.", sources=(0,)),
            other=CitedSentence(text="The call took 60 minutes.", sources=(2,)),
            figures=("90 minutes", "60 minutes"),
        ),
    ),
)
EARLIER = Earlier(title="A corridor for grain", url="https://t.me/harbour/2", date=NOON - timedelta(days=2))
GRAIN = StoryView(
    id=StoryId(9),
    title="Inspectors reach the port",
    summary=(CitedSentence(text="Inspectors reach the port, and two ships were cleared at noon.", sources=(0,)),),
    posts=(post("harbour", 5, 700),),
    update=True,
    earlier=EARLIER,
)
SAMPLE = Digest(
    since=NOON - timedelta(days=1),
    until=NOON,
    zone=MOSCOW,
    posts=41,
    channels=5,
    stories=(TALKS, GRAIN),
    left_out=LeftOut(ads=31, single=6),
    stale=(StaleChannel(channel="quiet_channel", since=NOON - timedelta(hours=5, minutes=50)),),
    lists=(ListRef(id="world", title="World affairs"),),
    minutes=1,
)
DOUBTED = replace(
    TALKS,
    denials=(CitedSentence(text="The palace denies /that there was a call.", sources=(2,)),),
    credits=(Credit(name="Morning /Paper", sources=(1,)), Credit(name="A Wire", sources=(0, 1))),
    notes=(
        Note(text="The picture /is of 2019.", sources=(0,), country="de"),
        Note(text="Nobody else has the figure.", sources=(1,)),
    ),
)


def correction(number: int, said: str, now: str = "", *, deleted: bool = False) -> Correction:
    return Correction(
        story=StoryId(3),
        post=PostId(number),
        edits=1,
        channel="Old /Wire",
        url=f"https://t.me/old_wire/{number}",
        said=said,
        now=now,
        deleted=deleted,
    )


MENDED = replace(
    SAMPLE,
    stories=(DOUBTED, replace(GRAIN, earlier=replace(EARLIER, title="A /corridor for grain"))),
    corrections=(
        replace(correction(1, "12 people came.", "15 people came."), was=("12",), became=("15",)),
        correction(2, "The bridge is open.", "The bridge is not open."),
        correction(3, "The /mayor left."),
        correction(4, "It snows.", deleted=True),
    ),
    stale=(
        StaleChannel(channel="quiet", since=NOON - timedelta(hours=5)),
        StaleChannel(channel="c/12"),
        StaleChannel(channel="never"),
    ),
)

NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("<>&\"'/\\[]()*_`\u202e\u200b\u0000\n\t😀́abc שלום Привет."), st.characters(codec="utf-8")
    ),
    max_size=300,
)
NAMES = NASTY.map(lambda name: name or "x")
URLS = st.one_of(
    st.integers(1, 10**9).map(lambda number: f"https://t.me/channel/{number}"),
    st.sampled_from(["javascript:alert(1)", 'https://t.me/"><script>', "tg://user?id=1", "", "https://[bad/1"]),
)


@st.composite
def stories(draw: st.DrawFn) -> StoryView:
    count = draw(st.integers(1, 30))
    posts = tuple(
        CitedPost(
            channel=draw(st.sampled_from(["a", "b", "c/12"])),
            channel_title=draw(NAMES),
            url=draw(URLS),
            date=NOON - timedelta(minutes=count - place),
            lead=draw(NASTY)[:120] if place < 5 else "",
            quote=draw(NASTY)[:80] if place < 2 else "",
            copy=place % 3 == 2,
        )
        for place in range(count)
    )
    places = st.lists(st.integers(0, count - 1), min_size=1, max_size=6, unique=True).map(lambda found: tuple(found))
    sentences = st.builds(
        lambda text, sources: CitedSentence(text=text or "x", sources=sources),
        st.one_of(NASTY, NASTY.map(lambda text: (text * 5)[:600])),
        places,
    )
    summary = tuple(draw(st.lists(sentences, min_size=1, max_size=3)))
    return StoryView(
        id=StoryId(draw(st.integers(1, 10**6))),
        title=draw(st.one_of(NAMES.map(lambda name: name[:110]), st.just(summary[0].text[:40]))),
        summary=summary,
        posts=posts,
        why=tuple(draw(st.lists(NASTY, max_size=2))),
        update=draw(st.booleans()),
        topic=draw(st.one_of(st.none(), NAMES)),
        differences=tuple(
            draw(
                st.lists(
                    st.builds(Difference, one=sentences, other=sentences, figures=st.tuples(NAMES, NAMES)), max_size=2
                )
            )
        ),
        denials=tuple(draw(st.lists(sentences, max_size=2))),
        credits=tuple(draw(st.lists(st.builds(Credit, name=NAMES, sources=places), max_size=3))),
        earlier=draw(st.none() | st.builds(Earlier, title=NAMES, url=URLS, date=st.just(NOON))),
        notes=tuple(draw(st.lists(st.builds(Note, text=NAMES, country=NAMES, sources=places), max_size=2))),
    )


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    return Digest(
        since=NOON - timedelta(days=1),
        until=NOON,
        zone=MOSCOW,
        posts=draw(st.integers(0, 10**6)),
        channels=draw(st.integers(0, 500)),
        stories=tuple(draw(st.lists(stories(), max_size=6))),
        left_out=LeftOut(ads=draw(st.integers(0, 99)), beyond=draw(st.integers(0, 99))),
        stale=tuple(StaleChannel(channel=name) for name in draw(st.lists(NAMES, max_size=3))),
        lists=tuple(ListRef(id="l", title=title) for title in draw(st.lists(NAMES, max_size=2))),
        language=draw(st.sampled_from(["en", "ru", "de"])),
        minutes=draw(st.integers(0, 9)),
    )
