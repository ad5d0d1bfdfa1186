"""The methods of the Bot API that the test server knows: name -> what it does and answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.servers.bot_api_chats import Chat, Sent
from tests.servers.bot_api_rich import Rich, read_rich
from tests.servers.bot_api_text import MAX_CAPTION, Json, Refused, check_keyboard, parse_text

if TYPE_CHECKING:
    from tests.servers.bot_api import BotApi

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Request:
    """One call: its parameters as sent, JSON values unfolded, and the files that came with it."""

    api: "BotApi"
    params: Json
    files: dict[str, bytes]

    def chat(self) -> Chat:
        """The chat that the call is about, or the refusal that a call about it meets."""
        given = self.params.get("chat_id")
        if given in (None, ""):
            raise Refused("Bad Request: chat_id is empty")
        chat = self.api.find(given)
        if chat is None:
            raise Refused("Bad Request: chat not found")
        if chat.moved_to is not None:
            raise Refused("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to)
        if chat.refuses:
            code, words = chat.refuses
            raise Refused(words, code)
        return chat

    def message(self, doing: str) -> Sent:
        sent = self.chat().messages.get(int(self.params.get("message_id") or 0))
        if sent is None or sent.deleted:
            raise Refused(f"Bad Request: message to {doing} not found")
        if not sent.by_bot and doing == "edit":
            raise Refused("Bad Request: message can't be edited")
        return sent

    def markup(self) -> Json | None:
        markup = self.params.get("reply_markup")
        check_keyboard(markup)
        return markup or None

    def text(self, key: str = "text", limit: int = 4096) -> tuple[str, list[Json]]:
        given = str(self.params.get(key) or "")
        text, entities = parse_text(given, self.params.get("parse_mode"), limit)
        return text, entities or self.params.get("entities") or []

    def rich(self) -> tuple[Rich, Json]:
        if not self.api.knows_rich:
            raise Refused("Not Found: method not found", 404)
        rich = read_rich(self.params.get("rich_message") or {})
        return rich, {"blocks": [{"type": "paragraph", "text": rich.text}]}

    def put(self, text: str, **values: Any) -> Json:
        sent = self.api.put(self.chat(), text, params=self.params, **values)
        return sent.tl(self.api.me)


def send_message(request: Request) -> Json:
    request.chat()
    text, entities = request.text()
    if not text.strip():
        raise Refused("Bad Request: message text is empty")
    return request.put(text, entities=entities, markup=request.markup(), source=request.params["text"])


def send_rich_message(request: Request) -> Json:
    rich, shown = request.rich()
    return request.put(rich.text, rich=shown, rich_buttons=rich.buttons, markup=request.markup())


def send_file(kind: str) -> Callable[[Request], Json]:
    def send(request: Request) -> Json:
        request.chat()
        caption, entities = request.text("caption", MAX_CAPTION)
        given = str(request.params.get(kind) or "")
        name = given.removeprefix("attach://")
        if not given or (given.startswith("attach://") and name not in request.files):
            raise Refused(f"Bad Request: there is no {kind} in the request")
        data = request.files.get(name, b"")
        file: Json = {"file_id": f"file{len(request.api.files)}", "file_unique_id": f"u{len(request.api.files)}"}
        request.api.files[file["file_id"]] = data
        file |= {"file_size": len(data)} | ({"width": 8, "height": 8} if kind == "photo" else {"file_name": name})
        return request.put(
            caption,
            entities=entities,
            markup=request.markup(),
            source=request.params.get("caption", ""),
            **{kind: file},
        )

    return send


def edit_message_text(request: Request) -> Json:
    sent = request.message("edit")
    if request.params.get("rich_message"):
        rich, shown = request.rich()
        text, entities, buttons = rich.text, list[Json](), rich.buttons
    else:
        (text, entities), shown, buttons = request.text(), None, []
        if not text.strip():
            raise Refused("Bad Request: message text is empty")
    markup = request.markup()
    if (text, entities, markup, buttons) == (sent.text, sent.entities, sent.markup, sent.rich_buttons):
        raise Refused(NOT_MODIFIED)
    sent.text, sent.entities, sent.markup, sent.rich, sent.rich_buttons = text, entities, markup, shown, buttons
    sent.source = str(request.params.get("text") or "")
    sent.edits += 1
    return sent.tl(request.api.me)


def edit_message_reply_markup(request: Request) -> Json:
    sent, markup = request.message("edit"), request.markup()
    if markup == sent.markup:
        raise Refused(NOT_MODIFIED)
    sent.markup = markup
    sent.edits += 1
    return sent.tl(request.api.me)


def delete_message(request: Request) -> bool:
    request.message("delete").deleted = True
    return True


def delete_messages(request: Request) -> bool:
    chat = request.chat()
    for number in request.params.get("message_ids") or []:
        if number in chat.messages:
            chat.messages[number].deleted = True
    return True


def answer_callback_query(request: Request) -> bool:
    query = str(request.params.get("callback_query_id") or "")
    person = request.api.queries.pop(query, None)
    if person is None:
        raise Refused(TOO_OLD)
    text = str(request.params.get("text") or "")
    if len(text) > 200:
        raise Refused("Bad Request: MESSAGE_TOO_LONG")
    request.api.answers[query] = request.params
    if text:
        person.alerts.append(text)
    return True


def get_chat(request: Request) -> Json:
    chat = request.chat()
    return chat.tl() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": GIFTS}


GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_chat_member(request: Request) -> Json:
    chat, number = request.chat(), int(request.params.get("user_id") or 0)
    if number == request.api.me["id"]:
        return {"user": request.api.me, "status": "member"}
    person = next((p for p in request.api.people.values() if p.id == number), None)
    if person is None:
        raise Refused("Bad Request: PARTICIPANT_ID_INVALID")
    owner = {"is_anonymous": False} if person.id in chat.admins else {}
    return {"user": person.tl(), "status": "creator" if owner else "member"} | owner


def get_chat_administrators(request: Request) -> list[Json]:
    chat = request.chat()
    found = [person for person in request.api.people.values() if person.id in chat.admins]
    return [{"user": person.tl(), "status": "creator", "is_anonymous": False} for person in found]


def set_commands(request: Request) -> bool:
    commands = request.params.get("commands") or []
    for command in commands:
        name, words = command.get("command", ""), command.get("description", "")
        if not (name.replace("_", "").isalnum() and name == name.lower() and len(name) <= 32):
            raise Refused("Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= len(words) <= 256:
            raise Refused("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    request.api.commands[_scope(request)] = commands
    return True


def get_commands(request: Request) -> list[Json]:
    return request.api.commands.get(_scope(request), [])


def delete_commands(request: Request) -> bool:
    request.api.commands.pop(_scope(request), None)
    return True


def _scope(request: Request) -> tuple[str, str]:
    scope = request.params.get("scope") or {"type": "default"}
    if "chat_id" in scope and request.api.find(scope["chat_id"]) is None:
        raise Refused("Bad Request: chat not found")
    return json.dumps(scope, sort_keys=True), str(request.params.get("language_code") or "")


def set_words(key: str, limit: int) -> Callable[[Request], bool]:
    def keep(request: Request) -> bool:
        words = str(request.params.get(key) or "")
        if len(words) > limit:
            raise Refused(f"Bad Request: {key} is too long")
        request.api.profile[key, str(request.params.get("language_code") or "")] = words
        return True

    return keep


def get_words(key: str) -> Callable[[Request], Json]:
    return lambda request: {key: request.api.profile.get((key, str(request.params.get("language_code") or "")), "")}


def get_webhook(request: Request) -> Json:
    return {"url": request.api.webhook, "has_custom_certificate": False, "pending_update_count": 0}


def delete_webhook(request: Request) -> bool:
    request.api.webhook = ""
    return True


def in_chat(request: Request) -> bool:
    request.chat()
    return True


def always(answer: Any) -> Callable[[Request], Any]:
    return lambda request: answer


METHODS: dict[str, Callable[[Request], Any]] = {
    "getMe": lambda request: request.api.me,
    "sendMessage": send_message,
    "sendRichMessage": send_rich_message,
    "sendDocument": send_file("document"),
    "sendPhoto": send_file("photo"),
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": in_chat,
    "pinChatMessage": in_chat,
    "unpinChatMessage": in_chat,
    "leaveChat": in_chat,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": set_words("name", 64),
    "getMyName": get_words("name"),
    "setMyDescription": set_words("description", 512),
    "getMyDescription": get_words("description"),
    "setMyShortDescription": set_words("short_description", 120),
    "getMyShortDescription": get_words("short_description"),
    "setChatMenuButton": always(True),
    "setMyDefaultAdministratorRights": always(True),
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook,
    "logOut": always(True),
    "close": always(True),
}
