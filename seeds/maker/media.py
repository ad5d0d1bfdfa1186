"""What a post carries besides its text, in the markup of a preview page."""

from collections.abc import Callable
from html import escape

from seeds.maker.markdown import telegram_escape
from seeds.maker.post import Post

NOT_SUPPORTED = (
    '<div class="message_media_not_supported_wrap">\n  <div class="message_media_not_supported">\n'
    '    <div class="message_media_not_supported_label">This media is not supported in your browser</div>\n'
    '    <span class="message_media_view_in_telegram">VIEW IN TELEGRAM</span>\n  </div>\n</div>'
)


def picture(post: Post, what: str) -> str:
    return f"https://cdn4.telesco.pe/file/{post.channel.name}-{post.id}-{what}.jpg"


def album_html(post: Post) -> str:
    size = int(post.raw["album"])
    cells = "".join(
        f'<a class="tgme_widget_message_photo_wrap grouped_media_wrap blured js-message_photo" '
        f'style="left:0px;top:{303 * n}px;'
        f"width:453px;height:301px;margin-right:0px;margin-bottom:2px;"
        f"background-image:url('{picture(post, str(n + 1))}')\" "
        f'data-ratio="1.5" href="https://t.me/{post.channel.name}/{post.id + n}?single">\n  '
        '<div class="grouped_media_helper" style="left:0;right:0;top:132px;bottom:133px;">\n    '
        '<div class="tgme_widget_message_photo grouped_media" '
        'style="left:0;right:0;top:-20px;bottom:-19px;"></div>\n  </div>\n</a>'
        for n in range(size)
    )
    return (
        '<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap" data-margin-w="2" data-margin-h="2" '
        'style="width:453px;">\n  '
        '<div class="tgme_widget_message_grouped js-message_grouped" style="padding-top:133.333%">\n'
        '    <div class="tgme_widget_message_grouped_layer js-message_grouped_layer" '
        'style="width:453px;height:604px">\n'
        f"      {cells}\n    </div>\n  </div>\n</div>"
    )


def photo_html(post: Post) -> str:
    return (
        f'<a class="tgme_widget_message_photo_wrap" href="{post.url}" style="width:800px;background-image:url('
        f"'{picture(post, 'photo')}')\">\n  "
        '<div class="tgme_widget_message_photo" style="padding-top:56.25%"></div>\n</a>'
    )


def video_html(post: Post) -> str:
    source = picture(post, "video").removesuffix(".jpg") + ".mp4"
    return (
        f'<a class="tgme_widget_message_video_player blured js-message_video_player" href="{post.url}">'
        f'<i class="tgme_widget_message_video_thumb" style="background-image:url(\'{picture(post, "thumb")}\')"></i>\n'
        '<div class="tgme_widget_message_video_wrap" style="width:848px;padding-top:56.25%">\n'
        f'  <video src="{source}" class="tgme_widget_message_video js-message_video" width="100%" '
        'height="100%"></video>\n</div>\n<div class="message_video_play js-message_video_play"></div>\n'
        f'<time class="message_video_duration js-message_video_duration">{post.raw["video"]}</time>\n'
        f"{NOT_SUPPORTED}</a>"
    )


def round_html(post: Post) -> str:
    source = picture(post, "round").removesuffix(".jpg") + ".mp4"
    return (
        '<div class="tgme_widget_message_roundvideo_player js-message_roundvideo_player">\n'
        '  <div class="tgme_widget_message_roundvideo_wrap">\n    <i class="tgme_widget_message_roundvideo_thumb" '
        f"style=\"background-image:url('{picture(post, 'round')}')\"></i>\n    "
        f'<video class="tgme_widget_message_roundvideo js-message_roundvideo" src="{source}" '
        'width="100%" height="100%"></video>\n'
        '  </div>\n  <time class="tgme_widget_message_roundvideo_duration js-message_roundvideo_duration">'
        f"{post.raw['round']}</time>\n</div>"
    )


def voice_html(post: Post) -> str:
    source = picture(post, "voice").removesuffix(".jpg") + ".ogg"
    return (
        f'<a class="tgme_widget_message_voice_player js-message_voice_player" href="{post.url}">\n'
        f'  <audio class="tgme_widget_message_voice js-message_voice" src="{source}" width="100%"></audio>\n'
        '  <div class="tgme_widget_message_voice_play accent_bghover"></div>\n'
        '  <div class="tgme_widget_message_voice_wrap">\n    <time class="tgme_widget_message_voice_duration '
        f'js-message_voice_duration">{post.raw["voice"]}</time>\n  </div>\n</a>'
    )


def document_html(post: Post) -> str:
    title, size = post.raw["document"]
    return (
        f'<a class="tgme_widget_message_document_wrap" href="{post.url}">\n'
        '  <div class="tgme_widget_message_document_icon accent_bg"></div>\n  '
        '<div class="tgme_widget_message_document">\n'
        f'    <div class="tgme_widget_message_document_title accent_color" dir="auto">{telegram_escape(title)}</div>\n'
        f'    <div class="tgme_widget_message_document_extra" dir="auto">{telegram_escape(size)}</div>\n  </div>\n</a>'
    )


def poll_html(post: Post) -> str:
    poll = post.raw["poll"]
    options = "".join(
        '\n    <div class="tgme_widget_message_poll_option">\n'
        f'      <div class="tgme_widget_message_poll_option_percent">{percent}%</div>\n'
        '      <div class="tgme_widget_message_poll_option_value">\n'
        f'        <div class="tgme_widget_message_poll_option_text">{telegram_escape(text)}</div>\n'
        f'        <div class="tgme_widget_message_poll_option_bar accent_bg" style="width:{percent}%"></div>\n'
        "      </div>\n    </div>"
        for text, percent in poll["options"]
    )
    return (
        '<div class="tgme_widget_message_poll js-poll">\n'
        f'  <div class="tgme_widget_message_poll_question">{telegram_escape(poll["question"])}</div>\n'
        '  <div class="tgme_widget_message_poll_type">Anonymous Poll</div>\n'
        f'  <a class="tgme_widget_message_poll_options" href="{post.url}">{options}\n  </a>\n</div>'
    )


def preview_html(post: Post) -> str:
    card, card_image = post.raw["preview"], picture(post, "card")
    image = f'<i class="link_preview_image" style="background-image:url(\'{card_image}\');padding-top:52.5%"></i>'
    return (
        f'<a class="tgme_widget_message_link_preview" href="{escape(card["url"])}">\n'
        f'  <div class="link_preview_site_name accent_color" dir="auto">{telegram_escape(card["site"])}</div>\n'
        f"  {image}\n"
        f'  <div class="link_preview_title" dir="auto">{telegram_escape(card["title"])}</div>\n'
        f'  <div class="link_preview_description" dir="auto">{telegram_escape(card["description"])}</div>\n</a>'
    )


MEDIA: dict[str, Callable[[Post], str]] = {
    "album": album_html,
    "photo": photo_html,
    "video": video_html,
    "round": round_html,
    "voice": voice_html,
    "document": document_html,
}
