"""The picture of the README: what the bot says, on a telephone."""

from seeds.picture import screen


def test_a_telephone_shows_what_was_typed_what_was_said_and_its_buttons() -> None:
    calls = [
        {"method": "sendChatAction", "text": "", "buttons": []},
        {"method": "sendMessage", "text": "<b>1 &lt; 2</b>", "buttons": ["a < b", "c"]},
    ]
    assert screen("/search <b>", calls, end=True) == (
        '<section class="screen end">\n<p class="typed">/search &lt;b&gt;</p>\n'
        '<div class="said"><b>1 &lt; 2</b></div>\n'
        '<div class="buttons"><span>a &lt; b</span><span>c</span></div>\n</section>'
    )
