"""What a file is by its first bytes, whatever its server says. Pure."""

from typing import Final

LOOKED_AT: Final = 1024  # bytes; a PDF may begin with some rubbish

_BEGINNINGS: Final = (
    (b"\x89PNG\r\n\x1a\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF87a", "an image"),
    (b"GIF89a", "an image"),
    (b"II*\0", "an image"),
    (b"MM\0*", "an image"),
    (b"8BPS", "an image"),
    (b"PK\x03\x04", "an archive or an office document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an office document"),
    (b"{\\rtf", "an office document"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ\0", "an archive"),
    (b"7z\xbc\xaf\x27\x1c", "an archive"),
    (b"Rar!\x1a\x07", "an archive"),
    (b"\x28\xb5\x2f\xfd", "an archive"),
    (b"ID3", "a recording"),
    (b"OggS", "a recording"),
    (b"fLaC", "a recording"),
    (b"#!AMR", "a recording"),
    (b"\x1a\x45\xdf\xa3", "a film"),
    (b"FLV\x01", "a film"),
    (b"\0\0\1\xba", "a film"),
    (b"#EXTM3U", "a playlist"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90\0", "a program"),
    (b"\0asm", "a program"),
    (b"dex\n", "a program"),
    (b"SQLite format 3\0", "a database"),
    (b"wOFF", "a typeface"),
    (b"wOF2", "a typeface"),
)


def file_kind(start: bytes) -> str | None:
    """What a file that is no text begins as ("a PDF document"); None for what may be a page. `start` is its first
    bytes, `LOOKED_AT` of them are enough."""
    if b"%PDF-" in start[:LOOKED_AT] and b"<" not in start[: start.index(b"%PDF-")]:
        return "a PDF document"
    if start[:4] == b"RIFF":
        return "an image" if start[8:12] == b"WEBP" else "a recording or a film"
    if start[4:8] == b"ftyp":
        return "an image" if start[8:12] in (b"avif", b"heic", b"mif1") else "a film"
    return next((kind for mark, kind in _BEGINNINGS if start.startswith(mark)), None)
