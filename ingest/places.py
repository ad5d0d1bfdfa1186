"""Pure: what a post carries beside its text in words, alike for every way of reading."""


def in_lines(*parts: str | None) -> str:
    """The parts that say something, a line each."""
    return "\n".join(filter(None, parts))


def spot(latitude: float | None, longitude: float | None) -> str:
    """A point on the earth in words, to ten metres; empty where it is not told."""
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return ""
    return f"📍 {latitude:.4f}, {longitude:.4f}"


def phone(number: str) -> str:
    """A phone number as its digits with a plus before them."""
    digits = "".join(sign for sign in number or "" if sign.isdecimal())
    return f"+{digits}" if digits else ""
