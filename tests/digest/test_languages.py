"""Posts in other languages than Russian and English: their small words say nothing, and forms of a word are one."""

import json

import pytest

from digest.stories import terms as terms_of_posts
from digest.stories.lines import group_lines
from digest.stories.terms import read_terms
from digest.text.languages import STOP_WORDS, language_in, language_of, languages, speaking

SENTENCES = {
    "de": "Der Bürgermeister hat am Montag die neue Brücke über den Fluss eröffnet",
    "fr": "Le maire a inauguré lundi le nouveau pont sur la rivière avec les habitants",
    "es": "El alcalde inauguró el lunes el nuevo puente sobre el río con los vecinos",
    "it": "Il sindaco ha inaugurato lunedì il nuovo ponte sul fiume con gli abitanti",
    "pt": "O prefeito inaugurou na segunda-feira a nova ponte sobre o rio com os moradores",
    "pl": "Burmistrz otworzył w poniedziałek nowy most nad rzeką, który będzie służył także pieszym",
    "tr": "Belediye başkanı pazartesi günü nehir üzerinde yeni bir köprü için tören düzenledi",
    "nl": "De burgemeester heeft maandag de nieuwe brug over de rivier voor het verkeer geopend",
    "ro": "Primarul a inaugurat luni noul pod peste râu, care este cel mai lung din regiune",
    "cs": "Starosta v pondělí otevřel nový most přes řeku, který bude sloužit také pro chodce",
    "sv": "Borgmästaren invigde på måndagen den nya bron över floden som ska vara öppen för alla",
    "id": "Wali kota meresmikan jembatan baru di atas sungai yang akan dibuka untuk warga pada hari Senin",
    "uz": "Shahar hokimi daryo ustidagi yangi ko'prik uchun marosim o'tkazdi va uni ochib berdi",
    "az": "Şəhər rəhbəri bazar ertəsi çayın üzərində yeni körpü üçün mərasim keçirib və onu açıb",
    "uk": "У понеділок мер відкрив міст через річку, і на ньому не було заторів",
    "bg": "Кметът откри в понеделник моста, който беше затворен, и на него ще се върви и пеша",
    "sr": "Мост на реци отворен је и за пешаке, а градоначелник је био на њему",
    "ar": "افتتح رئيس البلدية يوم الاثنين الجسر الجديد على النهر",
    "fa": "شهردار روز دوشنبه پل جدید را بر روی رودخانه افتتاح کرد",
    "he": "ראש העיר חנך ביום שני את הגשר החדש על הנהר",
    "hy": "Քաղաքապետը երկուշաբթի բացել է նոր կամուրջը գետի վրա",
    "ka": "მერმა ორშაბათს ახალი ხიდი გახსნა და ეს დღეს იყო",
}
NOISE = ["Quarterly profits of Orlenia's mills fell", "A museum lends its only comet", "Rates stay at 4 %"]


def _code(text: str) -> str:
    words = [word.strip(",.") for word in text.split()]
    ours = len(STOP_WORDS.intersection(word.lower() for word in words))
    return languages()[language_of(words, map(speaking, words), ours)].code


@pytest.mark.parametrize(("code", "text"), SENTENCES.items())
def test_a_language_is_known_by_the_words_that_say_nothing(code: str, text: str) -> None:
    assert _code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "The mayor opened the new bridge in Rio de la Plata on Monday",
        "Мэр в понедельник открыл новый мост через реку",
        "Площадь пожара около 2500 квадратов",
        "Die Hard tops the box office",
        "EM ASIA FX: currencies firmer as yuan steadies",
        "EU chief von der Leyen meets Trump",
        "Los Angeles Lakers beat Las Vegas Aces",
        "Le Pen barred, Le Monde reports",
        "Spain coach de la Fuente names squad",
        "Lula da Silva visits Rio de Janeiro",
        "Al Qaeda and al Shabaab claim attack",
        "Mohammed bin Salman visits bin Zayed",
        "Beşiktaş beat Fenerbahçe",
        "A First Look at <em>Titanfall</em>",
        "",
        "2500 %",
    ],
)
def test_russian_and_english_posts_stay_what_they_are_whatever_they_name(text: str) -> None:
    assert _code(text) == ""


def test_the_letter_yo_makes_no_russian_sentence_belarusian() -> None:
    assert language_in("Идёт ещё лёд. Её полёт зачтён") == ""


def test_words_that_say_nothing_are_left_out_and_forms_of_a_word_are_one() -> None:
    one = read_terms("Los vecinos de la ciudad protestaron contra las nuevas tarifas del metro")
    other = read_terms("Las protestas de los vecinos por la nueva tarifa del metro de la ciudad")
    assert set(one.counts) == {"vecin", "ciud", "protest", "nuev", "tarif", "metr"}
    assert set(other.counts) == set(one.counts)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("L'accord sur le climat est signé par l'Italie et la France", ["accord", "climat", "sign", "ital", "franc"]),
        ("Le maire n'a pas dit qu'il l'a vu avec la police", ["mair", "dit", "vu", "polic"]),
        ("Dell'accordo e della pace si parla anche nell'isola", ["accord", "pac", "parl", "isol"]),
        ("C'è un accordo con il presidente d'Italia per la pace", ["accord", "preside", "ital", "pac"]),
        ("YENİ KARAR: BİR TOPLANTI İÇİN VE ERDOĞAN'IN SÖZLERİ", ["karar", "topla", "erdoga"]),
        ("Ankara'da bir toplantı için yeni bir karar ve Erdoğan'ın sözleri", ["ankar", "topla", "karar", "erdoga"]),
    ],
)
def test_what_is_written_together_with_a_word_is_no_part_of_it(text: str, terms: list[str]) -> None:
    assert list(read_terms(text).counts)[: len(terms)] == terms


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Під'їзд і в'їзд, де є сім'я та її пам’ять", ["підїзд", "вїзд", "сімя", "памя"]),
        ("У пад'ездзе ўжо ёсць аб'ява, якая была і на з'ездзе", ["падездз", "абяв", "зездз"]),
        (
            "To'g'ri yo'l bog'cha uchun, bu ham san’at va bog‘lanish",
            ["to'g'ri", "yo'l", "bog'cha", "san'at", "bog'lan"],
        ),
        ("Toʻgʻri yoʻl bu bogʻcha uchun emas", ["to'g'ri", "yo'l", "bog'cha"]),
    ],
)
def test_an_apostrophe_within_a_word_parts_nothing_whichever_sign_it_is(text: str, terms: list[str]) -> None:
    assert list(read_terms(text).counts) == terms


def test_where_no_blanks_stand_between_words_each_two_letters_are_one() -> None:
    assert list(read_terms("北京大雪。航班延误！").counts) == ["北京", "京大", "大雪", "航班", "班延", "延误"]
    assert list(read_terms("สะพาน 5 แห่ง").counts) == ["สะ", "ะพ", "พา", "าน", "5", "แห่", "ห่ง"]
    assert list(read_terms("2024年").counts) == ["2024"]


def test_chinese_letters_that_tell_nothing_part_words() -> None:
    assert list(read_terms("北京的大雪在下").counts) == ["北京", "大雪"]
    assert list(read_terms("是的").counts) == ["是的"]
    assert list(read_terms("現在も").counts) == ["現在", "在も"]  # Japanese


def test_arabic_and_is_no_part_of_a_word_with_its_article() -> None:
    assert list(read_terms("افتتح الرئيس الجسر على النهر والجيش هناك").counts) == list(
        read_terms("افتتح الرئيس الجسر على النهر الجيش هناك").counts
    )


def test_signs_for_vowels_are_part_of_their_word() -> None:
    one, other = (read_terms(text) for text in ("दिल्ली में नए पुल का उद्घाटन हुआ", "नया पुल दिल्ली में खुला"))
    assert {"दिल्ल", "पुल"} <= set(one.counts) & set(other.counts)


def test_words_of_other_languages_are_remembered_so_long_as_they_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("digest.stories.terms._CACHED_ELSEWHERE", 50)
    german = next(place for place, language in enumerate(languages()) if language.code == "de")
    for number in range(100):
        assert "bruck" in read_terms(f"Die Brücke, die nicht für alle da ist, heißt Steg{number}").counts
        assert len(terms_of_posts._known[german]) <= 50


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "Ein brennender Güterwaggon hat den Bahnhof von Tarvik gesperrt, verletzte Reisende gibt es nicht",
            "Nach dem Brand eines Güterwaggons: der gesperrte Bahnhof Tarviks ist für die Reisenden wieder offen",
        ),
        (
            "Strażacy gasili w nocy pożar magazynu w porcie Tarvik, dwóch robotników jest rannych",
            "Dwaj ranni robotnicy po pożarze w magazynie portu Tarvik, który gasiło stu strażaków",
        ),
        (
            "Grevdeki madencilerin yürüyüşü Tarvik'te durduruldu, sendikacılar için gözaltı kararı var",
            "Tarvik'e yürüyen grevci madenciler durduruldu ve sendikacıya gözaltı",
        ),
    ],
)
def test_one_event_is_one_story_in_whatever_forms_its_words_stand(one: str, other: str) -> None:
    posts = [{"id": place, "text": text} for place, text in enumerate([one, other, *NOISE])]
    answers, bad = group_lines(map(json.dumps, posts))
    first, second, *rest = [json.loads(answer)["story"] for answer in answers]
    assert not bad
    assert first == second
    assert len({first, *rest}) == 4
