"""What the gate lets through of a scripted model's sentences, true and invented, as a Markdown table.

    COURANT_DATA=../shared/data python -m benchmarks.citations [--show] [--half 0|1 | --others POSTS]

The posts are those of the labelled window (clustering/nktkln_same_story_gold, events of two posts or more) and of the
made-up day (seeds/day). True sentences: the posts' own, the same with other word forms, other notations of numbers and
names in the other alphabet (made by rule), and `benchmarks.reworded`, written by hand. Inventions: a true sentence with
one number, date, name or quotation that is in none of the cited posts, or with a link. The model answers in JSON, which
is read, checked and counted as the product does. `--half 0|1` takes every other event: the rules were mended on half 0.
`--others` takes so many other real posts (telegram_posts/nktkln), drawn, and says their sentences as they stand there.
"""

import argparse
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from benchmarks.data import ROOT, nktkln_posts, nktkln_window
from benchmarks.reworded import REWORDED
from benchmarks.twisted import TWISTED
from benchmarks.twisted_claims import CLAIMS
from core.words import stem
from digest.summaries.gate import Claim, Evidence, Flaw, judge
from digest.summaries.prompt import read_answer
from digest.text.evidence import names, numbers
from digest.text.scripts import cyrillic_share, is_cyrillic
from digest.text.tidy import plain_sentences
from ingest.exports.markdown import from_markdown
from ingest.preview.page import read_preview

MOST_CITED = 12
SMALL_OR_TRANSLATED = frozenset(
    stem(word)
    for name in ("lower_words.txt", "known_names.txt")
    for word in re.findall(r"\w+", (ROOT / "digest" / "text" / name).read_text(encoding="utf-8"))
)
ALL_TWISTED = {
    f"{name}: {kind}": twist
    for name, twists in (("twisted", TWISTED), ("claimed", CLAIMS))
    for kind, twist in twists.items()
}
Change = Callable[[str, random.Random], str | None]


@dataclass(frozen=True, slots=True)
class Source:
    key: str
    text: str
    date: datetime


def window() -> list[list[Source]]:
    """The events of the labelled window."""
    found: defaultdict[str, list[Source]] = defaultdict(list)
    for post in nktkln_window():
        text = from_markdown(post["text"])[0]
        found[post["event"]].append(Source(post["post"], text, datetime.fromisoformat(post["date"])))
    return [posts for posts in found.values() if len(posts) > 1]


def day() -> tuple[list[list[Source]], dict[str, Source]]:
    """The events of the made-up day, and all its posts."""
    posts = {
        f"{post.channel}/{post.message_id}": Source(f"{post.channel}/{post.message_id}", post.text, post.date)
        for path in sorted((ROOT / "seeds/day").glob("*.html"))
        for post in read_preview(path.read_bytes()).posts
        if post.date is not None
    }
    events = json.loads((ROOT / "seeds/day/events.json").read_text(encoding="utf-8"))["events"]
    return [[posts[key] for key in event["posts"] if key in posts] for event in events], posts


def others(wanted: int, chance: random.Random) -> list[Source]:
    """Real posts outside the labelled window's hours, drawn from all channels."""
    rows = [row for row in nktkln_posts() if row["text"] and not row["date"].startswith("2024-11-28")]
    drawn = chance.sample(rows, min(wanted, len(rows)))
    return [Source("", from_markdown(row["text"])[0], datetime.fromisoformat(row["date"])) for row in drawn]


# Changes that leave a sentence true.

_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya".replace("_", "").split(" "),
        strict=True,
    )
)
_SMALL = {
    "2": "два",
    "3": "три",
    "4": "четыре",
    "5": "пять",
    "6": "шесть",
    "7": "семь",
    "10": "десять",
    "12": "двенадцать",
}
_SMALL_EN = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "10": "ten", "12": "twelve"}


def other_forms(text: str, _: random.Random) -> str | None:
    """Names in another case: «Путин» as «Путином», "Harwick" as "Harwick's"; what is quoted stays as it is."""
    if re.search(r"[«“\"„]", text):
        return None

    def bend(match: re.Match[str]) -> str:
        word = match[0]
        if word[-1] in "бвгдзклмнпрстф":
            return word + "ом"
        if word[-1] == "а" and word[-2] not in "гкхжчшщ":
            return word[:-1] + "ы"
        return word + "'s" if word[-1].isascii() and word[-1] not in "sxz" else word

    bent = re.sub(r"(?<=[\wа-яё,] )[А-ЯЁA-Z][а-яёa-z]{4,}\b(?!['’-])", bend, text)
    return bent if bent != text else None


def other_notation(text: str, _: random.Random) -> str | None:
    """Numbers as they are written elsewhere."""
    cyrillic = is_cyrillic(text)
    changed = re.sub(r"(?<![\d.,-])\d{1,3}[ \u00a0](\d{3})(?![\d ])", lambda m: re.sub(r"\s", ",", m[0]), text)
    changed = re.sub(r"\bмлн\b", "миллионов", re.sub(r"\bмлрд\b", "миллиардов", changed))
    changed = re.sub(r"(\d)\s?%", r"\1 процентов" if cyrillic else r"\1 per cent", changed)
    changed = re.sub(r"(\d),(\d{1,2})(?=\s(?:процент|миллион|миллиард))", r"\1.\2", changed)
    small = _SMALL if cyrillic else _SMALL_EN
    months = "янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
    plain = rf"(?<![\d.,:№/«-])(?<!\d )\b(?:[2-7]|10|12)(?= (?:[а-я]{{4,}}|[a-z]{{4,}}))(?! (?:{months}))"
    changed = re.sub(plain, lambda match: small[match[0]], changed)
    return changed if changed != text else None


def other_alphabet(text: str, _: random.Random) -> str | None:
    """Russian names in Latin letters, those of countries and of things with a capital aside; quotations as they are."""
    if re.search(r"[«“\"„]", text):
        return None

    def turn(match: re.Match[str]) -> str:
        if stem(match[0]) in SMALL_OR_TRANSLATED:
            return match[0]
        return "".join(_LATIN.get(letter, letter) for letter in match[0].lower()).capitalize()

    turned = re.sub(r"(?<=[\wа-яё,] )[А-ЯЁ][а-яё]{4,}\b", turn, text)
    return turned if turned != text and is_cyrillic(turned) else None


# Inventions.


def another_number(text: str, chance: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\d.,:])\d{1,3}(?:[.,]\d+)?(?![\d.,:])", text))
    if not found:
        return None
    match = chance.choice(found)
    value = chance.choice([str(int(float(match[0].replace(",", "."))) + chance.randint(1, 9)), match[0] + "7", "87"])
    return text[: match.start()] + value + text[match.end() :]


def another_scale(text: str, _: random.Random) -> str | None:
    swaps = {
        "млн": "млрд",
        "млрд": "трлн",
        "тыс": "млн",
        "тысяч": "миллионов",
        "million": "billion",
        "billion": "million",
    }
    changed = re.sub(r"(?<=\d )(?:млн|млрд|тысяч|тыс|million|billion)\b", lambda match: swaps[match[0]], text)
    return changed if changed != text else None


def another_unit(text: str, chance: random.Random) -> str | None:
    """A number that counts something as a share, a sum, in thousands or below nothing."""
    found = list(
        re.finditer(r"(?<= )\d{1,3}(?= [а-яa-z]{4,})(?! (?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек))", text)
    )
    if not found:
        return None
    match = chance.choice(found)
    value = chance.choice([f"{match[0]}%", f"${match[0]}", f"{match[0]}k", f"-{match[0]}", f"{match[0]}‰"])
    return text[: match.start()] + value + text[match.end() :]


def number_in_words(text: str, chance: random.Random) -> str | None:
    words = (
        ["тридцать девять человек погибли", "сорок семь раненых"] if is_cyrillic(text) else ["thirty-nine people died"]
    )
    return f"{text.rstrip('.')}, {chance.choice(words)}."


_RUSSIAN = "Голдсмита Ковригину Тутберидзе Сулейманова Ньюкасл Уругвай Мозамбик Лесото Кинешму Оксфорд Барбадос"
_ENGLISH = "Goldsmith Kovrigina Tutberidze Suleymanov Newcastle Uruguay Mozambique Lesotho Kineshma Oxford Barbados"
NAMES_RU, NAMES_EN = _RUSSIAN.split(), _ENGLISH.split()
_WORDED_DATE = re.compile(r"\d{1,2} [а-я]{3,8}|\d{1,2} [A-Z]\w+|[A-Z]\w+ \d{1,2}")
_DAY_WORDS = re.compile(
    r"суббот|пятниц|воскрес|friday|saturday|sunday|сегодня|вчера|завтра|today|yesterday|tomorrow|tonight"
)


def _a_name(text: str, chance: random.Random) -> str:
    return chance.choice(NAMES_RU if is_cyrillic(text) else NAMES_EN)


def another_name(text: str, chance: random.Random) -> str | None:
    found = [name for name in names(text) if len(name) > 2 and f" {name}" in text]
    return text.replace(f" {chance.choice(found)}", f" {_a_name(text, chance)}", 1) if found else None


def added_name(text: str, chance: random.Random) -> str | None:
    says = "заявил" if is_cyrillic(text) else "said"
    return f"{text.rstrip('.')}, {says} {_a_name(text, chance)}."


def name_first(text: str, chance: random.Random) -> str | None:
    says = "сообщает, что" if is_cyrillic(text) else "reports that"
    return f"{_a_name(text, chance)} {says} {text}"


def invented_quote(text: str, chance: random.Random) -> str | None:
    russian = ["«мы этого не забудем никогда»", "«катастрофы удалось избежать чудом»", "“всё пропало”"]
    english = ['"we will never forget this"', "“the whale returned at dusk”", "‘all of it is gone’"]
    return f"{text.rstrip('.')}: {chance.choice(russian if is_cyrillic(text) else english)}."


def altered_quote(text: str, chance: random.Random) -> str | None:
    match = re.search(r"[«“]([^«»“”\"]{25,})[»”]", text)
    if match is None:
        return None
    words = match[1].split()
    words[chance.randrange(1, len(words) - 1)] = "фиолетовый" if is_cyrillic(text) else "purple"
    return text[: match.start(1)] + " ".join(words) + text[match.end(1) :]


def link(text: str, chance: random.Random) -> str | None:
    added = chance.choice(
        ["https://evil.example/a", "t.me/evil", "@evil_channel", "evil-news.com", "[тут](http://e.example)", "/start",
         "www.evil.org", "tg://resolve?domain=e", "evil。com", "mailto:a@e.example", "&#104;ttps://evil.example",
         "пиши@evil.ru"]
    )  # fmt: skip
    return f"{text} {added}"


def another_date(text: str, chance: random.Random) -> str | None:
    months = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ]
    day_, month = chance.randint(1, 28), chance.choice(months)
    match = re.search(
        rf"\b\d{{1,2}} (?:{'|'.join(months)})\b|\b\d{{1,2}} (?:January|February|March|May|October)\b", text
    )
    if match is not None:
        return text.replace(match[0], f"{day_} {month}", 1)
    if is_cyrillic(text):
        return f"{chance.choice(['Утром', 'Днём'])} {day_} {month} {text[0].lower()}{text[1:]}"
    return f"On {chance.choice(['3 June', 'August 9', '14 July 2021', 'April 11th'])}, {text}"


def another_weekday(text: str, chance: random.Random) -> str | None:
    if is_cyrillic(text):
        return f"{text.rstrip('.')} {chance.choice(['в субботу', 'в пятницу', 'в воскресенье'])}."
    return f"{text.rstrip('.')} on {chance.choice(['Saturday', 'Sunday', 'Friday'])}."


TRUE: dict[str, Change] = {
    "true: as in the post": lambda text, _: text,
    "true: other word forms": other_forms,
    "true: other notation of numbers": other_notation,
    "true: names in the other alphabet": other_alphabet,
}
INVENTED: dict[str, Change] = {
    "number": another_number,
    "number, other scale": another_scale,
    "number, another unit": another_unit,
    "number in words": number_in_words,
    "name for a name": another_name,
    "name added": added_name,
    "name that begins": name_first,
    "quotation": invented_quote,
    "quotation altered": altered_quote,
    "link or mention": link,
    "date": another_date,
    "day of the week": another_weekday,
}


def is_invention(kind: str, said: str, text: str, cited: str) -> bool:
    """Whether what was changed is really in no cited post; judged by plain comparing of strings, not by the gate."""
    low = cited.lower()
    if kind == "number":
        fresh = numbers(said) - numbers(text)
        return bool(fresh) and not any(re.search(rf"(?<!\d){re.escape(n)}(?!\d)", low) for n in fresh)
    if kind == "number, other scale":
        swapped = re.findall(r"\d+ (?:млн|млрд|трлн|миллион|billion|million)", said.lower())
        return not any(each in low for each in swapped)
    if kind == "number, another unit":
        changed = re.findall(r"\d+", " ".join(set(said.split()) - set(text.split())))
        if not changed:
            return False  # the text says it of something else
        unit = r"\s?(?:%|‰|проц|per|[kк]\b|тыс|thou|000|\w* ?(?:долл|doll|usd))"
        return not re.search(rf"[-–−$]{changed[0]}\b|минус {changed[0]}|(?<!\d){changed[0]}{unit}", low)
    if kind == "number in words":
        return not re.search(r"39|47|тридцать девять|сорок семь|thirty-nine", low)
    if "name" in kind:
        return not any(name[:5].lower() in low for name in (*NAMES_RU, *NAMES_EN))
    if kind == "date":
        dates = set(_WORDED_DATE.findall(said)) - set(_WORDED_DATE.findall(text))
        return not any(each.lower() in low for each in dates)
    if kind == "day of the week":
        return not _DAY_WORDS.search(low)
    return True


def asked(text: str, cited: Sequence[int], evidence: Sequence[Evidence], language: str) -> Flaw | None:
    """One sentence by the scripted model, through the door that answers come in by."""
    answer = {"title": None, "sentences": [{"text": text, "posts": [place + 1 for place in cited]}]}
    draft = read_answer(json.dumps(answer))
    assert draft is not None
    judged = judge(draft.title, draft.sentences, evidence, language)
    for claim in judged.sentences:
        assert resolves(claim, evidence), claim
    return next(iter(judged.dropped), None)


def resolves(claim: Claim, evidence: Sequence[Evidence]) -> bool:
    """Every sentence that passes cites posts that exist."""
    return bool(claim.sources) and all(0 <= source < len(evidence) for source in claim.sources)


def sentences(event: Sequence[Source]) -> Iterator[tuple[int, str]]:
    for place, post in enumerate(event[:MOST_CITED]):
        for text in plain_sentences(post.text):
            if len(text.split()) >= 5 and len(text) < 350 and not re.search(r"[@/]|https?:|\.(?:ru|com|me)\b", text):
                yield place, text


def language_of(text: str) -> str:
    """Russian where a letter of it is: English has none."""
    return "ru" if cyrillic_share(text) else "en"


class Tally:
    """How many sentences of each kind were dropped, and how many not; `show`: print those that went wrong."""

    def __init__(self, show: bool) -> None:
        self.counts: Counter[tuple[str, bool]] = Counter()
        self._show = show

    def __call__(self, kind: str, said: str, flaw: Flaw | None, wanted: bool) -> None:
        self.counts[kind, flaw is not None] += 1
        if self._show and (flaw is not None) is not wanted:
            print(f"  {kind}: {flaw}: {said}")


def ask_of_events(events: Sequence[Sequence[Source]], chance: random.Random, count: Tally) -> None:
    """True and invented sentences made of those of each event's posts."""
    for event in events:
        evidence = [Evidence(post.text, post.date) for post in event[:MOST_CITED]]
        every = range(len(evidence))
        whole = "\n".join(post.text for post in event[:MOST_CITED])
        for place, text in sentences(event):
            language = language_of(text)
            for kind, twist in ALL_TWISTED.items():
                if (said := twist(text, whole, chance)) is not None:
                    count(kind, said, asked(said, every, evidence, language), wanted=True)
            for kind, change in TRUE.items():
                if (said := change(text, chance)) is not None:
                    count(kind, said, asked(said, (place,), evidence, language), wanted=False)
            for kind, change in INVENTED.items():
                said = change(text, chance)
                if said is not None and is_invention(kind, said, text, whole):
                    count(f"invented: {kind}", said, asked(said, every, evidence, language), wanted=True)


def ask_as_they_stand(posts: Sequence[Source], count: Tally) -> None:
    """The sentences of posts, each said to be of its post."""
    for post in posts:
        evidence = [Evidence(post.text, post.date)]
        for _, text in sentences([post]):
            language = language_of(text)
            count("true: as it stands", text, asked(text, (0,), evidence, language), wanted=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--others", type=int, metavar="POSTS")
    given = parser.parse_args()
    chance, count = random.Random(4), Tally(given.show)
    if given.others:
        ask_as_they_stand(others(given.others, chance), count)
    else:
        made, posts = day()
        events = [*window(), *made]
        events = [event for number, event in enumerate(events) if given.half is None or number % 2 == given.half]
        ask_of_events(events, chance, count)
        for key, language, said in REWORDED:
            evidence = [Evidence(posts[key].text, posts[key].date)]
            count("true: reworded or translated by hand", said, asked(said, (0,), evidence, language), wanted=False)
    report(count.counts)


def report(counts: Counter[tuple[str, bool]]) -> None:
    kinds = list(dict.fromkeys(kind for kind, _ in counts))
    print("| sentences | number | dropped | share |\n|---|---|---|---|")
    totals = {"true": [0, 0], "invented": [0, 0], "twisted": [0, 0], "claimed": [0, 0]}
    for kind in sorted(kinds):
        dropped, kept = counts[kind, True], counts[kind, False]
        total = totals[kind.partition(":")[0]]
        total[0] += dropped + kept
        total[1] += dropped
        print(f"| {kind} | {dropped + kept} | {dropped} | {dropped / (dropped + kept):.1%} |")
    for name, (number, dropped) in totals.items():
        if number:
            print(f"| **{name}, all** | {number} | {dropped} | **{dropped / number:.2%}** |")


if __name__ == "__main__":
    main()
