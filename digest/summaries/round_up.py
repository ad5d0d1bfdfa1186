"""Pure: posts that tell of many events under one heading, as "The main news by the evening" does."""

import re

FEWEST_LISTED = 4  # news below the heading
LONGEST_HEADING = 60  # characters

_NEWS = "(?:новости|события|главное|итоги|дайджест|news|headlines|stories)"
_MAIN = r"(?:(?:сам|главн|важн)\w+|(?:the )?(?:top|main|other))"
_WHEN = (
    r"(?: (?:к|за|на|дня|утра|вечера|суток|недели|понедельника|вторника|среды|четверга|пятницы|субботы|воскресенья)\b"
    r"(?:[^.!?:]|(?<=\d):(?=\d)){0,24}"
    r"| (?:(?:at|of|by) )?(?:the |this )?(?:hour|day|night|morning|noon|evening|week|weekend|month)| today)"
)
# "News" alone, or before a colon and what is new, may head one event.
_HEADING = re.compile(
    rf"^\W*(?:\w+\. обстановка и )?(?:ещ[её] )?(?:(?:{_MAIN} )+{_NEWS}{_WHEN}?|{_NEWS}{_WHEN}|дайджест)\W*$",
    re.IGNORECASE,
)
# "A fire, a flood and a bride: in brief"
_CONTENTS = re.compile(r"\bглавн\w+ за (?:день|сутки|ночь|утро|неделю)\W*$", re.IGNORECASE)


def is_round_up(text: str) -> bool:
    """Whether a post is a list of news under such a heading: what it says of one event stands beside others."""
    heading, _, rest = text.strip().partition("\n")
    headed = len(heading) <= LONGEST_HEADING and _HEADING.match(heading)
    if not (headed or _CONTENTS.search(heading[-LONGEST_HEADING:])):
        return False
    return sum(map(bool, map(str.strip, rest.splitlines()))) >= FEWEST_LISTED
