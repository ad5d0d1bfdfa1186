"""Which addresses may be fetched: pure, knows no network.

A link comes from a post, so from a stranger. Only plain http(s) addresses of the public internet pass; `Guard.url`
judges an address as written, `Guard.reachable` the numbers that its name turns out to stand for.
"""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from yarl import URL

from core.errors import AddressRefused, SettingsError

MAX_URL = 2048
# Where web servers live; the others only serve to knock on other people's doors.
PORTS = frozenset({80, 443, 8080, 8443})

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

# The special-purpose registries of IANA, written out: `is_global` of Python 3.11 still lets several of them pass.
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # public by number, but inside Azure it is the machine's own host
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: a way into any IPv4 address, and out of use
        "3fff::/20",
    )
)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

_PRIVATE_NAMES = frozenset(
    {"alt", "arpa", "corp", "example", "home", "i2p", "internal", "intranet", "invalid", "lan", "local"}
    | {"localdomain", "localhost", "onion", "private", "test"}
)
_UNFIT = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


@dataclass(frozen=True, slots=True)
class Guard:
    """`allow` holds what an operator opens by hand: a host (any port) or a host and a port."""

    allow: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)

    def url(self, address: str) -> URL:
        """The address, parsed as it will be fetched. Raises `AddressRefused` with the reason."""
        url, host, port = _parsed(address)
        if self.allows(host, port):
            return url
        if port not in PORTS:
            raise AddressRefused(shown(address), f"port {port} is not one of the web")
        number = as_ip(host)
        if number is not None:
            if not is_public(number):
                raise AddressRefused(shown(address), "leads into a private network")
        elif _UNFIT.search(host) or not _NAME.fullmatch(host) or len(host) > 253:
            raise AddressRefused(shown(address), "has no public host name")
        elif host.rpartition(".")[2] in _PRIVATE_NAMES:
            raise AddressRefused(shown(address), "has the name of a private network")
        return url

    def allows(self, host: str, port: int | None) -> bool:
        """Whether the operator opened this host."""
        host = host.lower().rstrip(".")
        return (host, None) in self.allow or (host, port) in self.allow

    def reachable(self, host: str, port: int, number: str) -> bool:
        """Whether a connection to `number`, which `host` stands for, may be made."""
        if self.allows(host, port):
            return True
        ip = as_ip(number)
        return ip is not None and is_public(ip)


def parse_allow(entries: Iterable[str]) -> frozenset[tuple[str, int | None]]:
    """`host`, `host:port`, `[v6]`, `[v6]:port` or a whole address to what `Guard` takes.

    Raises `SettingsError` for an entry that is none of these.
    """
    found = set()
    for entry in filter(None, (raw.strip() for raw in entries)):
        try:
            url = URL(entry if "://" in entry else f"//{_bracketed(entry)}")
            host, port = url.raw_host, url.explicit_port
            if "://" in entry:
                port = url.port
        except ValueError as error:
            raise _refused(entry) from error
        is_pattern = "*" in entry or ("://" not in entry and "/" in entry)  # of many hosts: each is opened by its name
        if not host or url.user or is_pattern or _UNFIT.search(entry):
            raise _refused(entry)
        found.add((host.lower().rstrip("."), port))
    return frozenset(found)


def is_public(ip: IPAddress) -> bool:
    """Whether an address belongs to the public internet; an IPv4 address inside an IPv6 one is looked at as such."""
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in net for net in _CLOSED_V4)
    if ip.scope_id:
        return False
    if ip in _MAPPED or ip in _NAT64:
        return is_public(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return ip in _PUBLIC_V6 and not any(ip in net for net in _CLOSED_V6)


def as_ip(host: str) -> IPAddress | None:
    """The number that a host is, in any notation a resolver takes: `127.1`, `0x7f000001`, `017700000001`, `::1`."""
    try:
        return ipaddress.ip_address(host.replace("%25", "%", 1).strip("[]"))
    except ValueError:
        return _loose_ipv4(host)


def shown(address: str) -> str:
    """An address fit for an error text: short, on one line, without a password."""
    plain = _UNFIT.sub("?", address[:MAX_URL])
    plain = re.sub(r"//[^/]*@", "//…@", plain, count=1)
    return plain if len(plain) <= 200 else plain[:199] + "…"


def _parsed(address: str) -> tuple[URL, str, int]:
    if len(address) > MAX_URL:
        raise AddressRefused(shown(address), "is longer than 2048 characters")
    if _UNFIT.search(address):
        raise AddressRefused(shown(address), "holds blanks or control characters")
    try:
        url = URL(address)
        host, port = url.raw_host, url.port
    except ValueError as error:  # UnicodeError among them
        raise AddressRefused(shown(address), "is not a web address") from error
    if url.scheme not in ("http", "https") or not host or port is None:
        raise AddressRefused(shown(address), "is not an http or https address")
    if url.raw_user is not None or url.raw_password is not None:
        raise AddressRefused(shown(address), "carries a user name or password")
    return url, host.lower().rstrip("."), port


def _loose_ipv4(host: str) -> ipaddress.IPv4Address | None:
    """The reading of `inet_aton`: one to four parts, each decimal, octal or hexadecimal, the last takes the rest."""
    parts = host.lower().rstrip(".").split(".")
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) and len(part) < 20 for part in parts):
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *heads, last = numbers
    if any(head > 255 for head in heads) or last >= 256 ** (4 - len(heads)):
        return None
    return ipaddress.IPv4Address(sum(head << 8 * (3 - place) for place, head in enumerate(heads)) + last)


def _number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") else int(part)


def _refused(entry: str) -> SettingsError:
    """An entry is told without a user's name and password, whatever signs these have."""
    plain = re.sub(r"(?s)\A(\w+://)?.*@", r"\1…@", entry)
    return SettingsError("COURANT_FETCH_ALLOW", f"{plain!r} is not a host or host:port")


def _bracketed(entry: str) -> str:
    return f"[{entry}]" if entry.count(":") > 1 and not entry.startswith("[") else entry
