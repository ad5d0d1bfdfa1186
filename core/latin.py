"""Cyrillic words in Latin letters, one way for each letter. Pure."""

_LETTERS = """а a б b в v г g д d е e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh
    щ shch ы y э e ю iu я ia і i ї i є e ґ g""".split()
_TO_LATIN = str.maketrans({**dict(zip(_LETTERS[::2], _LETTERS[1::2], strict=True)), "ъ": "", "ь": ""})


def latin(text: str) -> str:
    """The text in lower case with its Cyrillic letters written in Latin ones: «Мир» is "mir"."""
    return text.lower().translate(_TO_LATIN)
