"""Which looks this server knows: one value for the process, shared by those who write digests and who send them."""

from dataclasses import dataclass

from core.model import Reader

CLASSIC, RICH = "classic", "rich"


@dataclass(slots=True)
class Looks:
    """`rich` is True until the server refuses the method; it is asked again after a restart."""

    rich: bool = True

    def of(self, reader: Reader) -> str:
        """The look of the reader's digests: what was chosen, as far as the server knows it."""
        return RICH if reader.look == RICH and self.rich else CLASSIC
