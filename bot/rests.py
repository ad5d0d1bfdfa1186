"""Who must wait since Telegram has said so; moments are seconds of a clock that only grows."""

_SEVERAL = 3  # chats told to wait, and nothing arriving: it is the bot that must wait
_GUESSED = 60.0  # seconds after which it tries again, for that was guessed


class Rests:
    """The chats that nothing is sent to for a while, and whether nobody is sent anything."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}
        self._all_until = 0.0
        self._told: set[int] = set()  # chats told to wait since something has arrived

    def begin(self, chat: int | None, seconds: float, now: float) -> None:
        """A message to this chat must wait so long; None where its trouble is everyone's."""
        self._until = {each: until for each, until in self._until.items() if until > now}
        if chat is None:
            self._all_until = max(self._all_until, now + seconds)
            return
        self._until[chat] = now + seconds
        self._told.add(chat)
        if len(self._told) >= _SEVERAL:
            self._all_until = max(self._all_until, min(*self._until.values(), now + _GUESSED))

    def over(self) -> None:
        """Something has arrived: it is not the bot that must wait."""
        self._told.clear()

    def wait(self, chat: int, now: float) -> float:
        """Seconds until something may be sent to this chat; 0 or less is now."""
        return max(self._all_until, self._until.get(chat, 0.0)) - now

    def held(self, now: float) -> dict[int, float]:
        """The chats that rest by themselves, and for how many seconds each."""
        return {chat: until - now for chat, until in self._until.items() if until > now}
