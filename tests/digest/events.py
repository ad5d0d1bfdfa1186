"""Made-up posts of some events, and what becomes of them."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from digest.stories.lines import group
from digest.stories.posts import Placement, StoryPost

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MURMURS = 24


QUAKE = [
    (
        "A 6.1 magnitude earthquake struck off the coast of Velmora on Monday, the Seismic Institute said. "
        "Two people were hurt in the port of Osterby."
    ),
    "Earthquake hits Velmora coast: two hurt in Osterby, magnitude 6.1, Seismic Institute reports",
    "Two injured in Osterby as magnitude 6.1 quake strikes off Velmora coast. Seismic Institute: no tsunami.",
]


OTHER_QUAKE = [
    (
        "A 5.4 magnitude earthquake shook the Tarrund valley in Kesland overnight. Houses in Brimholt were damaged, "
        "the mayor said."
    ),
    "Kesland: earthquake of magnitude 5.4 damages houses in Brimholt, Tarrund valley",
]


BANK = [
    "Центробанк Лирании поднял ключевую ставку до 9,5 процента, сообщил глава регулятора Орест Дамиров.",
    "Ключевая ставка в Лирании выросла до 9,5 процента. Орест Дамиров объяснил решение Центробанка инфляцией.",
    "Центробанк Лирании повысил ставку до 9,5 процента на фоне инфляции",
]


FIRE = [
    "A warehouse fire in the harbour of Osterby forced families to leave their homes, the rescue service said.",
    "Residents near the harbour of Osterby left their homes because of a warehouse fire, the rescue service said.",
    "В порту горел склад, семьи вынуждены были покинуть дома, сообщили спасатели.",
    "Спасатели: в порту горел склад, семьи вынуждены были покинуть свои дома.",
]


NOISE = [
    "Музей кружева в Заречье открыл выставку старинных воротников.",
    "Ferry line between Holm and Grenna adds a night crossing from April.",
    "Хоккеисты «Северной звезды» обыграли «Металлург» в овертайме.",
    "New bakery on Mill Street sells out of rye bread in an hour.",
    "Учёные описали новый вид жуков из пещер Карстового хребта.",
    "Chess: Ana Belisar wins the open tournament in Porto Lume.",
    "Трамвай номер семь изменит маршрут из-за ремонта моста.",
    "Volunteers planted three thousand trees along the river Sarn.",
]


def stream(*texts: str, minutes: int = 5) -> list[StoryPost]:
    """Posts a few minutes apart, each in a channel of its own; ids are positions."""
    return [
        StoryPost(id=i, channel=f"channel{i}", date=START + timedelta(minutes=minutes * i), text=text)
        for i, text in enumerate(texts)
    ]


def together(posts: Sequence[StoryPost]) -> set[frozenset[object]]:
    """The stories as sets of post ids."""
    found: dict[object, set[object]] = {}
    for placed in group(posts):
        found.setdefault(placed.story, set()).add(placed.post)
    return {frozenset(ids) for ids in found.values()}


def stories_of(placements: Sequence[Placement]) -> list[int | str]:
    return [placed.story for placed in placements]


HALVES = [
    "Пожар охватил склад на улице Ткачей в Заречье, работают двадцать расчётов",
    "Артур Велин рассказал об убытках компании «Лён»: сгорела вся продукция",
    "Над улицей Ткачей в Заречье столб дыма: загорелся склад, работают двадцать расчётов",
    "Артур Велин: у компании «Лён» сгорела вся продукция, убытки считают",
]


BRIDGES = [
    "Пожар на складе «Лён» на улице Ткачей в Заречье: Артур Велин рассказал об убытках, сгорела продукция",
    (
        "Склад «Лён» на улице Ткачей в Заречье сгорел, Артур Велин рассказал об убытках компании, сгорела вся "
        "работают двадцать расчётов"
    ),
]


def murmur(rng: random.Random) -> list[str]:
    """Texts in made-up words, of three matters that run into each other: who comes first decides what joins."""
    words = [
        "".join(rng.choice(letters) for letters in ("bdgklm", "aeiou", "lmnrst", "aeiou", "dgkmnt")) for _ in range(60)
    ]
    matters = [words[n::3][:14] for n in range(3)]
    texts = []
    for _ in range(MURMURS):
        one, other = rng.sample(matters, 2)
        said = rng.sample(one, rng.randint(4, 8)) + rng.sample(other, rng.choice([0, 0, 1, 2, 3, 5]))
        rng.shuffle(said)
        texts.append(" ".join(word.capitalize() if rng.random() < 0.3 else word for word in said) + ".")
    return texts
