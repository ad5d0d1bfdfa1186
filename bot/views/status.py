"""What those who run the place see of the reading."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot import zones
from bot.outgoing import View, fitting, shown_length
from bot.wording import handle, say
from core.model import WEB_WAY, AccountState, AccountStatus, Folder, Reader, Reading

MOST = 12  # channels that are named, as far as a message holds what is said of each
_OF_CHANNELS, _FOOT = 1000, 100  # UTF-16 units that are left to them whatever else is said, and to the last line
LATE = timedelta(minutes=30)  # a wait beyond its turn that is worth telling


def status(
    reader: Reader,
    accounts: Iterable[AccountStatus],
    readings: Sequence[Reading],
    now: datetime,
    folders: Sequence[Folder] = (),
) -> View:
    """Accounts, how many channels go by which way, what folders hold, and the channels that fail or are late, the worst
    first."""
    counts = Counter(reading.channel.way or WEB_WAY for reading in readings)
    language = reader.language
    lines = [say(language, "status-channels", count=len(readings), web=counts[WEB_WAY])]
    lines += [_account(reader, account, counts[account.name]) for account in accounts]
    lines += [_folder(reader, folder) for folder in folders[:MOST]]
    lines = fitting(lines, _OF_CHANNELS)
    bad = sorted(
        (each for each in readings if each.failures or each.late(now) > LATE), key=lambda each: -each.late(now)
    )
    bad.sort(key=lambda each: -each.failures)
    if bad:
        lines += ["", say(language, "status-bad", count=len(bad))]
        named = [channel_line(reader, each, now) for each in bad[:MOST]]
        named = fitting(named, shown_length("\n".join(lines)) + _FOOT)
        lines += named
        if hidden := len(bad) - len(named):
            lines.append(say(language, "status-more", count=hidden))
    return View("\n".join(lines))


def _account(reader: Reader, account: AccountStatus, channels: int) -> str:
    resting = account.state is AccountState.RESTING and account.until is not None
    return say(
        reader.language,
        f"status-account-{account.state.value.replace('_', '-')}",
        name=account.name,
        channels=channels,
        at=moment(reader, account.until if resting and account.until else account.since),
        reason=account.reason or "",
    )


def _folder(reader: Reader, folder: Folder) -> str:
    names = ", ".join(folder.lists)
    if folder.failures:
        return say(reader.language, "status-folder-fails", lists=names, reason=folder.reason or "")
    if folder.read_at is None:
        return say(reader.language, "status-folder-waits", lists=names)
    counts = {"channels": folder.channels, "closed": folder.closed, "others": folder.others}
    return say(reader.language, "status-folder", lists=names, read=moment(reader, folder.read_at), **counts)


def channel_line(reader: Reader, reading: Reading, now: datetime) -> str:
    """How a channel is read that is not read as it should be."""
    return say(
        reader.language,
        "status-channel" if reading.read_at else "status-channel-never",
        name=handle(reading.channel.name),
        way=way_of(reader, reading),
        read=moment(reader, reading.read_at or now),
        late=round(reading.late(now).total_seconds() / 60),
        reason=reading.reason or "",
    ).rstrip(" :")


def way_of(reader: Reader, reading: Reading) -> str:
    """By what a channel is read: an account, or the web preview."""
    way = reading.channel.way or WEB_WAY
    return way if way != WEB_WAY else say(reader.language, "status-web")


def moment(reader: Reader, when: datetime) -> str:
    return f"{when.astimezone(zones.tz(reader.zone)):%Y-%m-%d %H:%M}"
