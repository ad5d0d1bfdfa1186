"""Each type of Telegram's schema that a post can hold is read on purpose, or passed over on purpose.

A new layer of Telethon that brings a new type fails here, until somebody has decided what to make of it.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from telethon.tl import types as T

from ingest.entities import from_entities
from ingest.telegram.media import READERS as MEDIA
from ingest.telegram.media import attached
from ingest.telegram.post import Cast, to_post
from ingest.telegram.rich import READERS as BLOCKS
from ingest.telegram.rich import read_rich
from ingest.telegram.service import SENTENCES, what_happened
from tests.servers.mtproto_wire import make

# What happens in groups, in private chats and with bots: a channel never tells it, and its name would do.
ELSEWHERE = """
    BotAllowed ChangeCommunity ChatAddUser ChatDeleteUser ChatJoinedByLink ChatJoinedByRequest ChatJoinedViaCommunity
    ChatMigrateTo ConferenceCall ContactSignUp Empty GameScore GeoProximityReached GiftCode GiftPremium GiftStars
    GiftTon HistoryClear InviteToGroupCall ManagedBotCreated NoForwardsRequest PaidMessagesRefunded PaymentRefunded
    PaymentSent PaymentSentMe PhoneCall PrizeStars RequestedPeer RequestedPeerSentMe ScreenshotTaken SecureValuesSent
    SecureValuesSentMe StarGiftPurchaseOffer StarGiftPurchaseOfferDeclined SuggestBirthday SuggestProfilePhoto
    SuggestedPostApproval SuggestedPostRefund SuggestedPostSuccess TopicEdit WebViewDataSent WebViewDataSentMe
""".split()

LINKS = {"Url", "TextUrl", "Mention", "Email"}
# Marks of a text that reads the same without them. A formatted date covers the words that stand for it, a custom
# emoji the plain one; a name that is mentioned has no address; of a comparison the new text is what stands there.
MARKS = """
    BankCard Blockquote Bold BotCommand Cashtag Code CustomEmoji DiffDelete DiffInsert DiffReplace FormattedDate Hashtag
    Italic MentionName Phone Pre Spoiler Strike Underline Unknown
""".split()

SOURCE_ONLY = {T.TextEmpty, T.TextPlain, T.TextConcat, T.TextCustomEmoji, T.TextMath, T.TextImage}  # without `.text`


def members(union: Any) -> set[type]:
    """The constructors of a type of the schema."""
    return {each if inspect.isclass(each) else getattr(T, each.__forward_arg__) for each in get_args(union)}


def short(kinds: set[type], prefix: str) -> set[str]:
    return {kind.__name__.removeprefix(prefix) for kind in kinds}


def name_of(kind: type) -> str:
    return kind.__name__


def by_name(kinds: Iterable[type]) -> list[type]:
    return sorted(kinds, key=name_of)


def test_each_kind_of_media_is_read() -> None:
    assert set(MEDIA) == members(T.TypeMessageMedia)


def test_each_kind_of_block_is_read() -> None:
    inputs = {kind for kind in members(T.TypePageBlock) if kind.__name__.startswith("Input")}
    assert set(BLOCKS) == members(T.TypePageBlock) - inputs


def test_each_kind_of_rich_text_is_read() -> None:
    kinds = {kind for kind in members(T.TypeRichText) if not kind.__name__.startswith("Input")}
    with_text = {kind for kind in kinds if "text" in inspect.signature(kind).parameters}
    assert kinds - with_text - SOURCE_ONLY == set()


def test_each_kind_of_entity_is_known() -> None:
    kinds = {kind for kind in members(T.TypeMessageEntity) if not kind.__name__.startswith("Input")}
    assert short(kinds, "MessageEntity") == LINKS | set(MARKS)


def test_each_kind_of_service_message_has_a_sentence_or_happens_elsewhere() -> None:
    kinds = members(T.TypeMessageAction)
    assert short(set(SENTENCES), "MessageAction") | set(ELSEWHERE) == short(kinds, "MessageAction")
    assert short(set(SENTENCES), "MessageAction").isdisjoint(ELSEWHERE)


def filled(kind: Any, depth: int = 5) -> Any:
    """An object of this kind in which everything that may be there is there."""
    values: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(kind).parameters.items()):
        if parameter.kind is parameter.VAR_POSITIONAL or parameter.kind is parameter.VAR_KEYWORD:
            continue
        values[name] = value_of(str(parameter.annotation), depth)
    return kind(**values)


PLAIN: dict[str, Callable[[], Any]] = {
    "datetime": lambda: datetime(2026, 3, 1, tzinfo=UTC),
    "bytes": lambda: b"x",
    "bool": lambda: True,
    "float": lambda: 1.5,
    "int": lambda: 7,
    "str": lambda: "words",
}


def value_of(annotation: str, depth: int) -> Any:
    word = re.sub(r"typing\.|Optional\[|ForwardRef\(|<class |>", "", annotation)
    many = "List[" in word
    name = word.replace("List[", "").strip("[]()'\"")
    if found := next((value for key, value in PLAIN.items() if name.startswith(key)), None):
        return [found()] if many else found()
    if depth == 0 or not hasattr(T, name):
        return [] if many else None
    union = getattr(T, name)
    choices = members(union) if get_args(union) else {getattr(union, "__forward_arg__", union)}
    choices = {getattr(T, each) if isinstance(each, str) else each for each in choices}
    kind = max(
        choices, key=lambda each: (not each.__name__.startswith("Input"), "Plain" in each.__name__, each.__name__)
    )
    return [filled(kind, depth - 1)] if many else filled(kind, depth - 1)


@pytest.mark.parametrize("kind", by_name(MEDIA), ids=name_of)
def test_media_are_read_full_and_bare(kind: Any) -> None:
    assert attached(filled(kind)) is not None
    found = to_post(
        [make(T.Message, id=1, date=datetime(2026, 3, 1, tzinfo=UTC), media=filled(kind))], "news", None, Cast()
    )
    assert isinstance(found.text, str)


@pytest.mark.parametrize("kind", by_name(BLOCKS), ids=name_of)
def test_blocks_are_read_full(kind: Any) -> None:
    text, _ = read_rich([filled(kind)])
    assert isinstance(text, str)


@pytest.mark.parametrize("kind", by_name(members(T.TypeMessageAction)), ids=name_of)
def test_service_messages_say_one_line(kind: Any) -> None:
    said = what_happened(filled(kind), "News")
    assert said
    assert "\n" not in said


def test_a_kind_that_nobody_has_heard_of_is_told_to_be_there() -> None:
    class MessageMediaHologram:
        pass

    class PageBlockSmell:
        pass

    assert attached(MessageMediaHologram()).silent
    assert read_rich([PageBlockSmell()])[1].unsupported
    assert from_entities("words", [{"_": "messageEntitySmell", "offset": 0, "length": 5}]) == ("words", ())
