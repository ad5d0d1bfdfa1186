"""The tree of errors. Each carries data; `str()` of it is one English sentence that says what to do.

CourantError
 ├─ BadInput            a file, line or value from outside that cannot be read
 │   ├─ SettingsError   a setting that is unknown or wrong
 │   ├─ ListsError      a broken channels.toml
 │   ├─ NotWritable     a file that cannot be written
 │   └─ BadQuery        a search that cannot be understood
 ├─ SourceError         a channel could not be read this time
 │   ├─ RateLimited     ... for so many seconds
 │   ├─ SignedOut       ... nor any other, until the account signs in again
 │   │   └─ AccountBanned  ... which it cannot: Telegram has banned or frozen it
 │   ├─ CannotJoin      ... as a member
 │   └─ ChannelUnavailable  ... and will not be: gone, private, without a preview, not a channel
 │       └─ NameTaken   ... for its name is another channel's now
 ├─ FetchError          a linked page could not be read
 │   ├─ AddressRefused  ... and must not be: it leads into the private network
 │   └─ HostResting     ... because its host asked to wait for so many seconds
 ├─ ModelError          a language model gave no answer that can be read
 └─ StorageError        the database refuses
     ├─ StorageFull     no room on the disk
     ├─ StorageUnavailable  it cannot be reached, opened or read
     ├─ StorageDamaged  its file does not hold together any more
     ├─ StorageAltered  its tables are not those that this Courant makes
     ├─ StorageReplaced  another file stands in its place
     ├─ SessionsShared  its address leads to a pooler that mixes up whose locks and statements are whose
     ├─ DatabaseNewer   written by a newer Courant
     └─ AlreadyRunning  another process holds this part
"""

from pathlib import Path


class CourantError(Exception):
    """Base of all that Courant raises on purpose."""


class BadInput(CourantError):
    """`what` (a file, an argument, a line) cannot be read because of `reason`."""

    def __init__(self, what: str | Path, reason: str, line: int | None = None) -> None:
        self.what, self.reason, self.line = str(what), reason, line
        super().__init__(what, reason, line)

    def __str__(self) -> str:
        where = f"{self.what}, line {self.line}" if self.line else self.what
        return f"{where}: {self.reason}"


class SettingsError(BadInput):
    """A setting that is unknown or has a value that cannot be used."""


class ListsError(BadInput):
    """A channels.toml that cannot be taken over; the lists in force stay."""


class NotWritable(BadInput):
    """A file that cannot be written."""


class BadQuery(BadInput):
    """A search that cannot be understood. `cause`: "time" (one cannot be read), or, where no word is asked for, what
    there is in the place of words: "without" (what must not be there), "filters" or "nothing"."""

    def __init__(self, what: str, reason: str, cause: str) -> None:
        self.cause = cause
        super().__init__(what, reason)


class SourceError(CourantError):
    """A channel could not be read this time; it will be tried again. `cause` is the reason without what is particular
    to one channel or moment: alike for all that fail in one way."""

    def __init__(self, channel: str, reason: str, cause: str | None = None) -> None:
        self.channel, self.reason, self.cause = channel, reason, cause or reason
        super().__init__(channel, reason)

    def __str__(self) -> str:
        return f"{self.channel}: {self.reason}"


class RateLimited(SourceError):
    """The source asks to wait for `seconds`."""

    def __init__(self, channel: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(channel, f"asked to wait {seconds:.0f} s", "asked to wait")


class SignedOut(SourceError):
    """The account is not signed in, or no longer."""


class AccountBanned(SignedOut):
    """Telegram has banned or frozen the account."""


class CannotJoin(SourceError):
    """The account cannot become a member for so many seconds; with `full` of no other channel either."""

    def __init__(self, channel: str, reason: str, *, full: bool = False, seconds: float = 86_400) -> None:
        self.full, self.seconds = full, seconds
        super().__init__(channel, reason)


class ChannelUnavailable(SourceError):
    """The channel is gone, private, without a preview, or no channel at all."""


class NameTaken(ChannelUnavailable):
    """The channel's name leads to another channel, of another number."""

    def __init__(self, channel: str) -> None:
        super().__init__(channel, "another channel has this name now, and is read from here on; what was kept stays")


class FetchError(CourantError):
    """A page could not be fetched; `passing` says whether trying later makes sense."""

    def __init__(self, url: str, reason: str, *, passing: bool = False) -> None:
        self.url, self.reason, self.passing = url, reason, passing
        super().__init__(url, reason)

    def __str__(self) -> str:
        return f"{self.url}: {self.reason}"


class AddressRefused(FetchError):
    """The address leads into the private network, or is none that may be fetched."""


class HostResting(FetchError):
    """The host of the page asked to be left alone for `seconds`."""

    def __init__(self, url: str, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(url, f"its host asked to wait {seconds:.0f} s", passing=True)


class ModelError(CourantError):
    """The model gave no answer because of `reason`; `charged`: it may have cost something all the same."""

    def __init__(self, reason: str, *, charged: bool = False) -> None:
        self.reason, self.charged = reason, charged
        super().__init__(reason)


class StorageError(CourantError):
    """The database refuses for a reason other than a mistake of ours. `reason` stands in each kind's `sentence`."""

    sentence = "{}"

    def __init__(self, reason: str = "") -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return self.sentence.format(self.reason)


class StorageFull(StorageError):
    """The disk under the database is full."""

    sentence = (
        "The disk under the database is full: free some space. Nothing stored so far is lost; "
        "`courant run` goes on by itself, any other command begins anew."
    )


class StorageUnavailable(StorageError):
    """The database cannot be reached, opened or read."""

    sentence = (
        "The database cannot be used ({}): see whether COURANT_DATABASE_URL is right, and whether "
        "the file that it names may be written or the server runs."
    )


class StorageReadOnly(StorageUnavailable):
    """The database may be read, but not written."""

    sentence = "The database may only be read ({}): this needs a user, or a server, that may write it."


class StorageDamaged(StorageError):
    """The database's file does not hold together any more."""

    sentence = (
        "The file of the database is damaged ({}): stop Courant, keep the file, and put in its place "
        "a copy that `courant backup` made, or what `sqlite3 FILE .recover` can save."
    )


class StorageAltered(StorageError):
    """The tables are not those that this Courant makes."""

    sentence = (
        "The tables of the database are not as this Courant makes them ({}): it was altered, is another program's, or "
        "of a version that was never released. Put a copy in its place that `courant backup` made, or name another "
        "database in COURANT_DATABASE_URL and `courant import` into it."
    )


class StorageReplaced(StorageError):
    """Where the database's file was, there is none or another: what is written goes to a file that nobody sees."""

    sentence = (
        "The file of the database was removed or replaced while Courant was using it: start it again. Stop Courant "
        "before you put a copy in place; what was written since then is lost."
    )


class SessionsShared(StorageError):
    """Each transaction gets whichever session of the server is free: locks are nobody's, and what was prepared in one
    is missing in the next."""

    sentence = (
        "COURANT_DATABASE_URL leads to a pooler that shares sessions: "
        "it must keep them apart, as PgBouncer does by pool_mode = session."
    )


class DatabaseNewer(StorageError):
    """The database was written by a newer Courant: `reason` is its version."""

    sentence = (
        "The database is of a newer version ({}) than this Courant knows: "
        "update Courant, or name another database in COURANT_DATABASE_URL."
    )


class AlreadyRunning(StorageError):
    """Another process on the same database already runs the part that `reason` names."""

    sentence = "Another Courant already runs '{}' on this database: stop it first, or use another database."
