"""MTProto messages become posts: one pair of message and expected fields a case."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telethon.extensions import html as tg_html
from telethon.tl import types as T

from core.model import FactCheck, Forward, Link, LinkPreview, Media, NewPost, Poll, Reaction, Source
from ingest.telegram.post import Cast, albums, to_post
from ingest.telegram.rich import DEEPEST, MOST_TEXT, read_rich
from tests.servers.mtproto_wire import make

DATE = datetime(2026, 3, 1, 12, tzinfo=UTC)


def message(text: str = "", number: int = 5, **values: Any) -> Any:
    return make(T.Message, id=number, peer_id=T.PeerChannel(1), date=DATE, message=text, **values)


def plain(text: str) -> Any:
    return T.TextWithEntities(text, [])


def document(*attributes: Any, **values: Any) -> Any:
    return T.MessageMediaDocument(document=make(T.Document, date=DATE, attributes=list(attributes), **values))


VIDEO = make(T.DocumentAttributeVideo, w=1, h=1)
SHOT = make(T.DocumentAttributeVideo, w=1, h=1, duration=12.0)
PHOTO = make(T.Photo, id=77, date=DATE)
CAST = Cast(
    {2: make(T.Channel, id=2, title="Other", photo=T.ChatPhotoEmpty(), date=DATE, username="other")}
    | {4: make(T.Channel, id=4, title="Hidden", photo=T.ChatPhotoEmpty(), date=DATE)},
    {3: make(T.User, id=3, first_name="Ann", last_name="Lee", username="ann")}
    | {8: make(T.User, id=8, deleted=True)}
    | {
        9: make(
            T.User,
            id=9,
            first_name="Bot",
            usernames=[T.Username("old", active=False), T.Username("postbot", active=True)],
        )
    },
)


def post(*messages: Any) -> NewPost:
    return to_post(messages, "news", "News", CAST)


def forward(**values: Any) -> Any:
    return message(fwd_from=make(T.MessageFwdHeader, date=DATE, **values))


def reply(**values: Any) -> Any:
    return message(reply_to=make(T.MessageReplyHeader, **values))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            message("hi", views=7, forwards=2, post_author="Ed"),
            {"text": "hi", "views": 7, "forwards": 2, "author": "Ed"},
        ),
        (message("hi", edit_date=DATE), {"edited": True, "edited_at": DATE}),
        (message("hi", edit_date=DATE, edit_hide=True), {"edited": False, "edited_at": None}),
        (message(media=make(T.MessageMediaPhoto)), {"media": Media(photos=1)}),
        (message(media=document(VIDEO)), {"media": Media(videos=1)}),
        (message(media=document(T.DocumentAttributeAnimated())), {"media": Media(videos=1)}),
        (
            message(media=document(make(T.DocumentAttributeVideo, w=1, h=1, round_message=True), id=88)),
            {"media": Media(round_videos=1), "files": ()},
        ),
        (message(media=document(T.DocumentAttributeAudio(3, voice=True))), {"media": Media(voices=1, seconds=3)}),
        (
            message(media=document(make(T.DocumentAttributeSticker, stickerset=T.InputStickerSetEmpty()))),
            {"media": Media(stickers=1)},
        ),
        (message(media=document(T.DocumentAttributeFilename("a.pdf"))), {"media": Media(documents=("a.pdf",))}),
        (
            message(
                media=document(
                    T.DocumentAttributeAudio(3, title="Song", performer="Band"), T.DocumentAttributeFilename("s.mp3")
                )
            ),
            {"media": Media(documents=("Song",), performers=("Band",), seconds=3)},
        ),
        (message(media=T.MessageMediaDocument(voice=True)), {"media": Media(voices=1)}),
        (message(media=T.MessageMediaPhoto(photo=PHOTO)), {"media": Media(photos=1), "files": ("photo 77",)}),
        (message(media=T.MessageMediaPhoto(photo=T.PhotoEmpty(77))), {"media": Media(photos=1), "files": ()}),
        (
            message(media=document(SHOT, id=88, size=2_345_678)),
            {"media": Media(videos=1, seconds=12), "files": ("film 88", "film 2345678/12")},
        ),
        (message(media=document(SHOT, id=88, size=999)), {"files": ("film 88",)}),
        (message(media=document(VIDEO, id=88, size=2_345_678)), {"files": ("film 88",)}),
        (
            message(media=document(SHOT, T.DocumentAttributeAnimated(), id=88, size=2_345_678)),
            {"media": Media(videos=1, seconds=12), "files": ()},
        ),
        (
            message(media=document(SHOT, make(T.DocumentAttributeSticker, stickerset=T.InputStickerSetEmpty()), id=88)),
            {"media": Media(stickers=1), "files": ()},
        ),
        (
            message(
                media=T.MessageMediaPaidMedia(
                    1, [make(T.MessageExtendedMediaPreview), T.MessageExtendedMedia(document(VIDEO))]
                )
            ),
            {"media": Media(photos=1, videos=1)},
        ),
        (message(media=T.MessageMediaUnsupported()), {"unsupported": True}),
        (
            message(
                media=T.MessageMediaPoll(
                    make(
                        T.Poll,
                        question=plain("Which?"),
                        answers=[make(T.PollAnswer, text=plain(x), option=x.encode()) for x in "ab"],
                        quiz=True,
                        public_voters=True,
                    ),
                    T.PollResults(
                        results=[T.PollAnswerVoters(b"b", correct=True, voters=9), T.PollAnswerVoters(b"a", voters=4)],
                        solution="Because.",
                    ),
                )
            ),
            {
                "poll": Poll(
                    question="Which?",
                    type="Quiz",
                    options=("a", "b"),
                    votes=(4, 9),
                    correct=1,
                    explanation="Because.",
                )
            },
        ),
        (
            message(media=T.MessageMediaGeo(make(T.GeoPoint, lat=59.91273, long=10.74609))),
            {"text": "📍 59.9127, 10.7461"},
        ),
        (message(media=T.MessageMediaGeo(T.GeoPointEmpty())), {"text": ""}),
        (
            message("go", media=make(T.MessageMediaGeoLive, geo=make(T.GeoPoint, lat=1.0, long=1.0))),
            {"text": "go\n\n📍"},
        ),
        (
            message(media=T.MessageMediaContact("47 11-22", "Ann", "Lee", "", 3)),
            {"text": "Ann Lee\n+471122"},
        ),
        (message(media=T.MessageMediaDice(4, "🎲")), {"text": "🎲"}),
        (
            message(media=T.MessageMediaGame(make(T.Game, title="Chess", description="Mate", photo=T.PhotoEmpty(1)))),
            {"text": "Chess\nMate", "unsupported": False},
        ),
        (
            message(media=T.MessageMediaInvoice("Mug", "A blue one", "XTR", 50, "")),
            {"text": "Mug\nA blue one\n50 ⭐"},
        ),
        (message(media=T.MessageMediaStory(T.PeerChannel(1), 4)), {"text": "", "unsupported": True}),
        (
            message(
                media=T.MessageMediaStory(
                    T.PeerChannel(1),
                    4,
                    story=make(
                        T.StoryItem, caption="Look", media=make(T.MessageMediaPhoto), date=DATE, expire_date=DATE
                    ),
                )
            ),
            {"text": "Look", "media": Media(photos=1), "unsupported": False},
        ),
        (
            message(media=T.MessageMediaGiveaway([1], 10, DATE, months=3, prize_description="and a mug")),
            {"text": "🎁 Giveaway: 10 × Telegram Premium for 3 months, until 2026-03-01\nand a mug"},
        ),
        (
            message(media=make(T.MessageMediaGiveawayResults, winners_count=2, stars=500, until_date=DATE)),
            {"text": "🎁 Giveaway ended: 500 ⭐ for 2"},
        ),
        (
            message(
                media=T.MessageMediaPoll(
                    make(
                        T.Poll,
                        question=plain("Well?"),
                        answers=[make(T.PollAnswer, text=plain("Yes")), make(T.PollAnswer, text=plain("No"))],
                    ),
                    make(T.PollResults),
                )
            ),
            {"poll": Poll(question="Well?", type="Anonymous Poll", options=("Yes", "No"))},
        ),
        (
            message(
                "look",
                media=T.MessageMediaWebPage(
                    make(T.WebPage, url="https://e.org/a", site_name="E", title="T", description="D")
                ),
            ),
            {"preview": LinkPreview(url="https://e.org/a", site="E", title="T", description="D")},
        ),
        (
            message(
                media=T.MessageMediaToDo(
                    T.TodoList(plain("Do"), [T.TodoItem(1, plain("a")), T.TodoItem(2, plain("b"))]),
                    [make(T.TodoCompletion, id=2, completed_by=T.PeerUser(3), date=DATE)],
                )
            ),
            {"text": "Do\n☐ a\n☑ b"},
        ),
        (
            message(media=make(T.MessageMediaVenue, geo=T.GeoPointEmpty(), title="Park", address="1st St")),
            {"text": "Park\n1st St"},
        ),
        (
            forward(from_id=T.PeerChannel(2), channel_post=8),
            {"forwarded_from": Forward(name="Other", url="https://t.me/other/8")},
        ),
        (
            forward(from_id=T.PeerChannel(4), channel_post=8),
            {"forwarded_from": Forward(name="Hidden", url="https://t.me/c/4/8")},
        ),
        (forward(from_id=T.PeerUser(3)), {"forwarded_from": Forward(name="Ann Lee", url="https://t.me/ann")}),
        (forward(from_name="Someone"), {"forwarded_from": Forward(name="Someone")}),
        (forward(from_id=T.PeerChannel(99)), {"forwarded_from": Forward()}),
        (forward(from_id=T.PeerUser(8)), {"forwarded_from": Forward(name="Deleted Account")}),
        (
            reply(reply_to_msg_id=3, quote=True, quote_text="two ships"),
            {"reply_to": "https://t.me/news/3", "quote": "two ships"},
        ),
        (
            message("x", factcheck=T.FactCheck(1, country="NO", text=plain("That was last year."))),
            {"text": "x", "fact_check": FactCheck(text="That was last year.", country="NO")},
        ),
        (message("x", factcheck=T.FactCheck(1, need_check=True)), {"fact_check": None}),
        (reply(reply_to_msg_id=3), {"reply_to": "https://t.me/news/3"}),
        (reply(reply_to_msg_id=3, reply_to_peer_id=T.PeerChannel(2)), {"reply_to": "https://t.me/other/3"}),
        (message(reply_to=T.MessageReplyStoryHeader(T.PeerChannel(2), 1)), {"reply_to": None}),
        (message("x", via_bot_id=9), {"via_bot": "@postbot"}),
        (
            message(
                "x",
                reply_markup=T.ReplyInlineMarkup(
                    [
                        T.KeyboardButtonRow(
                            [
                                T.KeyboardButton("Go", T.InlineButtonTypeUrl("https://e.org")),
                                T.KeyboardButton("No", T.InlineButtonTypeUrl("javascript:x")),
                            ]
                        )
                    ]
                ),
            ),
            {"buttons": (Link(url="https://e.org", label="Go"),)},
        ),
        (
            message(
                "x",
                reactions=make(
                    T.MessageReactions,
                    results=[
                        T.ReactionCount(T.ReactionEmoji("👍"), 3),
                        T.ReactionCount(T.ReactionPaid(), 2),
                        T.ReactionCount(T.ReactionCustomEmoji(1), 1),
                    ],
                ),
            ),
            {"reactions": (Reaction(emoji="👍", count=3), Reaction(emoji="⭐", count=2))},
        ),
    ],
)
def test_a_message_becomes_a_post(given: Any, expected: dict[str, Any]) -> None:
    found = post(given)
    assert {name: getattr(found, name) for name in expected} == expected
    assert (found.channel, found.message_id, found.date, found.source) == ("news", 5, DATE, Source.ACCOUNT)


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (T.MessageActionPinMessage(), "News pinned a message"),
        (T.MessageActionChatEditTitle("New"), "Channel name was changed to «New»"),
        (T.MessageActionGroupCall(make(T.InputGroupCall)), "Live stream started"),
        (T.MessageActionGroupCall(make(T.InputGroupCall), 2640), "Live stream finished (44 minutes)"),
        (T.MessageActionBoostApply(2), "Boosted 2 times"),
        (T.MessageActionScreenshotTaken(), "Screenshot taken"),
        (
            T.MessageActionGroupCallScheduled(make(T.InputGroupCall), DATE),
            "Live stream scheduled for 2026-03-01 12:00 UTC",
        ),
        (T.MessageActionTodoCompletions([1, 2], [3]), "Checklist: 2 tasks done, 1 task open again"),
        (T.MessageActionTodoAppendTasks([T.TodoItem(1, plain("buy milk"))]), "Tasks were added: buy milk"),
        (T.MessageActionGiveawayResults(1, 0), "Giveaway ended: 1 winner"),
        (T.MessageActionSetMessagesTTL(7 * 86400), "Messages are deleted after 7 days"),
        (T.MessageActionSetMessagesTTL(0), "Messages are no longer deleted by themselves"),
        (T.MessageActionNoForwardsToggle(False, True), "Saving and forwarding was turned off"),
    ],
)
def test_a_service_message_says_what_happened(action: Any, text: str) -> None:
    found = post(make(T.MessageService, id=5, peer_id=T.PeerChannel(1), date=DATE, action=action))
    assert (found.service, found.text, found.message_id) == (True, text, 5)


def test_an_album_adds_up() -> None:
    photo = make(T.MessageMediaPhoto)
    first = message("", 5, media=photo, views=3, grouped_id=1)
    second = message("caption", 6, media=document(VIDEO), views=4, grouped_id=1, edit_date=DATE)
    between, alone = message("x", 7), message("y", 8, grouped_id=2)
    groups = albums([first, second, between, alone])
    assert [[m.id for m in group] for group in groups] == [[5, 6], [7], [8]]
    found = post(*groups[0])
    assert (found.message_id, found.album_ids, found.album, found.edited) == (5, (6,), True, True)
    assert (found.text, found.views, found.media) == ("caption", 4, Media(photos=1, videos=1))
    assert not post(*groups[2]).album


def words(text: str) -> Any:
    return T.TextPlain(text)


def test_the_blocks_of_a_rich_message_read_well() -> None:
    nothing = T.PageCaption(T.TextEmpty(), T.TextEmpty())
    item, numbered = T.PageListItemText, T.PageListOrderedItemText
    blocks = [
        T.PageBlockHeading1(words("Title")),
        T.PageBlockParagraph(
            T.TextConcat(
                [
                    words("See "),
                    T.TextUrl(T.TextBold(words("this")), "https://e.org/a", 0),
                    T.TextMention(words("@ann")),
                ]
            )
        ),
        T.PageBlockList([item(words("one")), item(words("done"), checkbox=True, checked=True)]),
        T.PageBlockOrderedList([numbered(words("a")), numbered(words("b"))], start=3),
        T.PageBlockTable(
            words("T"), [T.PageTableRow([T.PageTableCell(text=words("x")), T.PageTableCell(text=words("y"))])]
        ),
        T.PageBlockDetails([T.PageBlockParagraph(words("inside"))], words("More")),
        T.PageBlockBlockquote(words("quoted"), words("who")),
        T.PageBlockPhoto(1, T.PageCaption(words("a photo"), words("by me"))),
        T.PageBlockDivider(),
        T.PageBlockCollage([T.PageBlockPhoto(1, nothing)], nothing),
        T.PageBlockMath("x^2"),
        T.PageBlockOrderedList([numbered(words("a")), numbered(words("b"))], reversed=True),
        T.PageBlockList(
            [T.PageListItemBlocks([T.PageBlockParagraph(words("out")), T.PageBlockList([item(words("in"))])])]
        ),
        T.PageBlockAuthorDate(words("Ann"), DATE),
        make(T.PageBlockMap, geo=make(T.GeoPoint, lat=1.0, long=2.0), caption=nothing),
        T.PageBlockEmbed(T.PageCaption(words("a film"), T.TextEmpty()), url="https://e.org/film"),
        T.PageBlockButtonRow([T.PageButton(words("Go"), T.InlineButtonTypeUrl("https://e.org/b"))]),
        T.PageBlockUnsupported(),
    ]
    text, body = read_rich(blocks)
    assert text.split("\n\n") == [
        "Title",
        "See this@ann",
        "• one\n☑ done",
        "3. a\n4. b",
        "T\nx | y",
        "More\ninside",
        "quoted\nwho",
        "a photo\nby me",
        "x^2",
        "2. a\n1. b",
        "• out\n  • in",
        "Ann, 2026-03-01",
        "📍 1.0000, 2.0000",
        "a film",
    ]
    assert body.links == [
        Link(url="https://e.org/a", label="this"),
        Link(url="https://t.me/ann", label="@ann"),
        Link(url="https://e.org/film"),
    ]
    assert body.buttons == [Link(url="https://e.org/b", label="Go")]
    assert body.unsupported


def test_a_rich_message_counts_its_media_and_joins_its_text() -> None:
    rich = make(
        T.RichMessage,
        blocks=[T.PageBlockParagraph(words("body"))],
        photos=[PHOTO, T.PhotoEmpty(1)],
        documents=[make(T.Document, date=DATE, attributes=[VIDEO], id=88)],
    )
    found = post(message("head", rich_message=rich))
    assert (found.text, found.media) == ("head\n\nbody", Media(photos=2, videos=1))
    assert found.files == ("photo 77", "film 88")


def test_a_hostile_tree_of_blocks_is_cut_and_not_followed() -> None:
    deep: Any = words("deep")
    for _ in range(10_000):
        deep = T.TextBold(deep)
    block: Any = T.PageBlockParagraph(words("bottom"))
    for _ in range(DEEPEST * 4):
        block = T.PageBlockDetails([block], words(""))
    text, _ = read_rich([T.PageBlockParagraph(deep), block, T.PageBlockParagraph(words("x" * 2_000_000))])
    assert text == "x" * MOST_TEXT
    wide = [T.PageBlockParagraph(words("y"))] * 100_000
    assert len(read_rich(wide)[0]) < 100_000


@given(st.text(max_size=200))
def test_plain_words_come_back_as_they_are(text: str) -> None:
    shown, entities = tg_html.parse("<b>x</b>")
    assert post(message(text)).text == text
    assert post(message(shown, entities=entities)).text == "x"
