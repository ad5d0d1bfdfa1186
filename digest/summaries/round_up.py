"""Pure: posts that tell of many events under one heading, as "The main news by the evening" does."""

import re

FEWEST_LISTED = 4  # news below the heading
LONGEST_HEADING = 60  # characters

_HEADING = re.compile(
    r"^\W*(?:\w+\. обстановка и )?(?:ещ[её] )?(?:(?:сам|главн|важн)\w+ |(?:the )?(?:top|main|other) )*"
    r"(?:новости|события|главное|итоги|дайджест|news|headlines|stories)"
    r"(?: (?:к|за|на|дня|утра|вечера|суток|недели|понедельника|вторника|среды|четверга|пятницы|субботы|воскресенья|at"
    r"|of|by|this|today)\b[^.!?]{0,24})?\W*$",
    re.IGNORECASE,
)


def is_round_up(text: str) -> bool:
    """Whether a post is a list of news under such a heading: what it says of one event stands beside others."""
    heading, _, rest = text.strip().partition("\n")
    if len(heading) > LONGEST_HEADING or not _HEADING.match(heading):
        return False
    return sum(map(bool, map(str.strip, rest.splitlines()))) >= FEWEST_LISTED
