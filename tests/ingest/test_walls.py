"""What stands in front of an article is told from an article."""

import pytest

from core.model import NoArticle
from ingest.articles.article import examine
from ingest.articles.walls import CLOSED, STUB, TEASER, wall_of

LINE = "The council met on Tuesday and agreed to mend the bridge before the winter comes. "


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("We and our 842 partners use cookies to store information on a device.", "asks for cookies"),
        ("Before you continue to Google: accept all, reject all", "asks for cookies"),
        ("We value your privacy. Manage preferences.", "asks for cookies"),
        ("Мы используем файлы cookie, чтобы сайт работал лучше. Согласен", "asks for cookies"),
        ("Wir brauchen Ihre Zustimmung: Cookies akzeptieren und mit Werbung weiterlesen", "asks for cookies"),
        ("Nous et nos partenaires utilisons des cookies", "asks for cookies"),
        ("Utilizamos nuestras cookies y las de terceros", "asks for cookies"),
        ("Attention Required! | Cloudflare", "wants to see a person"),
        ("Pardon Our Interruption. As you were browsing something made us think", "wants to see a person"),
        ("Подтвердите, что запросы отправляли вы, а не робот", "wants to see a person"),
        ("Доступ к ресурсу ограничен", "wants to see a person"),
        ("Sign up to continue. It takes a minute.", "is behind a paywall"),
        ("You’ve reached your limit of free articles this month", "is behind a paywall"),
        ("This article is reserved for our subscribers", "is behind a paywall"),
        ("Эта статья доступна подписчикам", "is behind a paywall"),
        ("Il vous reste 80% de cet article à lire", "is behind a paywall"),
        ("Our content is not available in your region", "is not shown in every country"),
        ("451: Unavailable due to legal reasons", "is not shown in every country"),
        ("We'll be back soon!\nSorry for the inconvenience: we’re performing some maintenance.", CLOSED),
        ("Maintenance mode\nWe are currently down for maintenance. Please try again later.", CLOSED),
        ("Down for maintenance – be right back", CLOSED),
        ("Our site is under maintenance. We will be back in an hour!", CLOSED),
        ("Сайт временно не доступен. Приносим свои извинения за неудобства.", CLOSED),
        ("В данный момент на сайте ведутся технические работы. Зайдите, пожалуйста, позже.", CLOSED),
        ("Платформа недоступна из-за технических работ. Мы вернёмся в ближайшее время.", CLOSED),
        ("Wegen Wartungsarbeiten geschlossen: wir sind bald wieder da.", CLOSED),
        ("Le site est en maintenance. Nous serons bientôt de retour.", CLOSED),
        ("404\nSomething went wrong", "is gone"),
        ("Sorry, that page could not be found", "is gone"),
        ("Страница не найдена", "is gone"),
        ("Материал удалён по просьбе автора", "is gone"),
    ],
)
def test_a_wall_is_known_by_its_words(text: str, reason: str) -> None:
    assert wall_of(text) == reason
    assert wall_of(f"{text} {LINE * 20}") is None  # as long as an article, it is one


@pytest.mark.parametrize(
    "text",
    [
        LINE * 3,
        "The Page family was not found at home when the flood came to the village of Brenta on Monday.",
        "Парламент принял закон о доступе к архивам: документы за 1991 год больше не удалят без решения суда.",
        "The ministry said that 404 people had been brought to safety from the two islands by Sunday.",
        "The bank's application was down for maintenance on Monday. “We apologize for the delay,” said the bank.",
        "The canal will be closed for maintenance until May, and ships are asked to try again later, says the port.",
        "В приложении банка ведутся технические работы. «Приносим извинения за неудобства», – сказали в пресс-службе.",
        "На мосту ведутся ремонтные работы, движение закрыто до пятницы. Спасибо за понимание, пишет мэрия.",
        "Members of the council, subscribers to the fund and their guests met for the first time in May.",
    ],
)
def test_short_news_is_no_wall(text: str) -> None:
    assert wall_of(text) is None


@pytest.mark.parametrize("flag", ["false", '"False"', "'false'"])
def test_a_beginning_on_a_page_that_calls_itself_not_free_is_a_paywall(flag: str) -> None:
    source = f'<script type="application/ld+json">{{"isAccessibleForFree": {flag}}}</script>'
    assert wall_of(LINE * 5, source) == "is behind a paywall"
    assert wall_of(LINE * 8 + "And then…", source) == "is behind a paywall"
    assert wall_of(LINE * 5, source.replace(flag, "true")) is None
    assert TEASER < len(LINE * 8) < STUB
    assert wall_of(LINE * 8, source) is None


def test_a_paid_page_gives_no_article() -> None:
    html = (
        '<html><head><title>The bridge</title><script type="application/ld+json">'
        f'{{"@type":"NewsArticle","isAccessibleForFree":false}}</script></head><body><article><p>{LINE * 4}</p>'
        "</article><div>Become one of us</div></body></html>"
    )
    assert examine(html, "https://a.b/c") == NoArticle("is behind a paywall")
