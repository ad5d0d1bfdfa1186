"""What posts in other languages than Russian, Ukrainian and English are told by. Posts of our own making."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from core.model import Kind, NewPost
from core.words import written
from ingest.cleaning.clean import clean
from ingest.cleaning.phrases import KINDS, Phrases, joins, ruled_by_phrase, shares
from ingest.cleaning.signature import SignatureModel
from ingest.exports.markdown import from_markdown


def kind(markdown: str) -> Kind:
    text, links = from_markdown(markdown)
    post = NewPost(channel="somecity", message_id=1, date=datetime(2026, 11, 28, tzinfo=UTC), text=text, links=links)
    return clean(post, SignatureModel()).kind


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (Kind.PROMO, "أحذية جديدة لكل العائلة، استخدم الكود STEP20 عند الدفع https://shop.example/a"),
        (
            Kind.PROMO,
            "Neue Lampen für jedes Zimmer: mit dem Rabattcode LAMPE20 ein Fünftel sparen https://shop.example",
        ),
        (Kind.PROMO, "Zapatos para toda la familia. Código promocional PASO20 en https://shop.example"),
        (Kind.PROMO, "کفش برای همه خانواده، با کد تخفیف STEP20 ارزان‌تر بخرید https://shop.example"),
        (Kind.PROMO, "Des lampes pour toute la maison, avec le code promo LAMPE20 : https://shop.example"),
        (Kind.PROMO, "נעליים לכל המשפחה עם קוד קופון STEP20 באתר https://shop.example"),
        (Kind.PROMO, "पूरे परिवार के लिए जूते, कूपन कोड STEP20 https://shop.example"),
        (Kind.PROMO, "Sepatu untuk semua keluarga, pakai kode promo STEP20 di https://shop.example"),
        (Kind.PROMO, "Scarpe per tutta la famiglia con il codice sconto PASSO20 su https://shop.example"),
        (Kind.PROMO, "Buty dla całej rodziny, wpisz kod rabatowy KROK20 na https://shop.example"),
        (Kind.PROMO, "Sapatos para toda a família com o cupom de desconto PASSO20 em https://shop.example"),
        (Kind.PROMO, "Bütün aile için ayakkabı, indirim kodu ADIM20: https://shop.example"),
        (Kind.PROMO, "Butun oila uchun poyabzal. Buyurtma berish uchun: https://shop.example"),
        (Kind.PROMO, "Бутун оила учун пойабзал. Буюртма бериш учун: https://shop.example"),
        (Kind.PROMO, "Masaj ve bakım merkezimiz yeni yerinde sizi bekliyor.\n📞 0212 555 01 02"),
        (Kind.PROMO, "Vendo bicicleta casi nueva en el centro de la ciudad. https://wa.me/34600000000"),
        (Kind.PROMO, "La camiseta de la temporada ya está en la tienda\n🛒 https://shop.example/camiseta"),
        (Kind.PROMO, "Taza con el escudo del barrio\n🛍 Compra aquí: @tazas"),
        (Kind.ANNOUNCE, "Wir verlosen drei Karten für das Konzert am Samstag unter allen Abonnenten!"),
        (Kind.ANNOUNCE, "Sorteamos tres entradas para el concierto del sábado entre quienes comenten."),
        (Kind.ANNOUNCE, "Çekilişe katılmak çok kolay: gönderiyi beğenin, üç arkadaşınızı etiketleyin."),
        (Kind.ANNOUNCE, "¡Ya somos diez mil suscriptores! Mil gracias por estar aquí cada mañana."),
        (Kind.ANNOUNCE, "Willkommen in unserem Kanal! Hier lest ihr jeden Tag, was in der Stadt geschieht."),
        (Kind.ANNOUNCE, "کانال جدید ما برای خبرهای شهر راه افتاد، هر روز ساعت هشت."),
        (Kind.ANNOUNCE, "🎧 Jetzt reinhören: die neue Folge über den Hafen und seine Fähren https://radio.example"),
        (Kind.ANNOUNCE, "La alcaldesa habla del puerto en el nuevo episodio de nuestro pódcast https://radio.example"),
        (Kind.ANNOUNCE, "Nouvel épisode de notre podcast : le port et ses grèves https://radio.example"),
        (Kind.ANNOUNCE, "Nowy odcinek naszego podcastu o porcie i jego promach https://radio.example"),
        (Kind.ANNOUNCE, "Hört gerne rein: der Hafen und seine Fähren https://radio.example"),
        (Kind.ANNOUNCE, "El puerto y sus barcos: escúchanos en Spotify https://radio.example"),
        (Kind.ANNOUNCE, "🔔 Únete al canal 👉 @somecity"),
        (Kind.ANNOUNCE, "Kanalimizga qo‘shiling 👇\nhttps://t.me/somecity"),
        (Kind.ANNOUNCE, "Soirée lecture mardi à 20 h dans notre librairie, venez nombreux !"),
        (Kind.ANNOUNCE, "Sabato sera concerto in piazza con tre gruppi della città, vi aspettiamo dalle 21."),
        (Kind.CHATTER, "صباح الخير يا أصدقاء ☀️"),
        (Kind.CHATTER, "¡Buenos días a todos! 🌞"),
        (Kind.CHATTER, "Bom dia para todos :)"),
        (Kind.CHATTER, "صبح بخیر رفقا 🌹"),
        (Kind.CHATTER, "Guten Morgen, ihr Lieben!"),
        (Kind.CHATTER, "שבת שלום לכולם"),
        (Kind.CHATTER, "Hayırlı cumalar dostlar"),
        (Kind.CHATTER, "Xayrli tong, aziz do‘stlar!"),
        (
            Kind.CHATTER,
            "Oroscopo del giorno. Ariete: le stelle consigliano di non avere fretta, meglio restare a casa.",
        ),
        (Kind.CHATTER, "حظك اليوم: الحمل، تنصحك النجوم بألا تستعجل في قراراتك هذا الأسبوع"),
        (Kind.CHATTER, "आज का राशिफल: मेष राशि के लोग आज जल्दबाजी न करें और घर पर रहें"),
        (Kind.CHATTER, "Namaz vakitleri: İmsak 05:40, güneş 07:05, öğle 12:50, ikindi 15:30, akşam 18:01"),
    ],
)
def test_what_makes_no_story_is_told_in_the_largest_languages(expected: Kind, text: str) -> None:
    assert kind(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "La policía detuvo a dos personas que vendían un falso código de descuento en la estación.",  # leads nowhere
        "Ana dijo buenos días al llegar",
        "Buenos días: 3 muertos en Lugo",
        "Buenos días: dos muertos en Lugo",
        "Bonne semaine pour la Bourse de Paris",
        "Buona domenica per Sinner, che vince a Torino",
        "🛒 La inflación de los alimentos baja al 2 % https://paper.example/a",
        "Buenos días a todos los que hoy vuelven a clase tras el largo corte de luz en la costa",
        "Der Bürgermeister hört rein gar nichts von den Klagen über die Fähren",
        "«Escúchanos en la plaza», piden al alcalde los vecinos del puerto",
        "Únete a la fiesta de la plaza",  # where to?
        "El club de ajedrez de la ciudad dice: únete al equipo @ajedrez",
        "https://paper.example/2026/puente Síguenos: @paper",
        f"{'La librairie a rouvert après la crue. ' * 30}Venez nombreux !",
        "Namaz vakitleri değişti: öğle 12:50, ikindi 15:30 oldu",
        "Otobüsler 05:40, 07:05 ve 12:50 saatlerinde kalkacak, servisler de buna göre: namaz vakitleri esas alındı",
        "El alcalde dio los buenos días a los vecinos que esperaban desde la noche frente al ayuntamiento.",
        "La astróloga que escribía el horóscopo de un diario murió en su casa: tenía noventa años",
        "Namaz vakitleri genelgesi yayımlandı: camilerin saatleri belediyelerle birlikte belirlenecek.",
        "El club presentó a su portero ante diez mil aficionados. Luego saludó: ya somos una familia de suscriptores.",
        "רעידת אדמה חזקה הורגשה בצפון",  # as short as a caption, in letters without capitals
        "משרד הבריאות שוקל לפתוח מרפאות בלילה",
        "भूकंप के बाद शहर में बिजली बंद",
        "강한 지진이 북부 지역을 흔들었다",
        "الشرطة تعتقل شخصين بعد حريق في المستودع، والتحقيق مستمر منذ الصباح",
        "Deprem sonrası belediye 0312 555 01 02 numaralı hattı açtı, arayanlara çadırların yeri söyleniyor.",
        f"☎ 0312 555 01 02 numaralı hat açıldı. {'Arayanlara çadırların yeri söyleniyor. ' * 12}",
        f"{'Belediye çadırların yerini anlattı. ' * 40}\n☎ 0312 555 01 02",
        "« Venez nombreux ! » a lancé le maire aux habitants avant la réunion sur la nouvelle ligne de tramway.",
        f"La biblioteca reabre tras la riada. {'Los vecinos llevaron mantas y libros. ' * 12}\n🛒 https://shop.example",
        "Únete a la cola: miles de personas esperan desde anoche para despedir al escritor en @teatro, dice él.",
        "https://paper.example/2026/11/28/puente\n🔔 Síguenos: @somecity",  # what is told stands on the page
        "Escriban por la plaza: https://wa.me/34600000001 https://wa.me/34600000002 https://wa.me/34600000003",
        "Der Preis 𝐝𝐞𝐬 𝐉𝐚𝐡𝐫𝐞𝐬 geht an eine Bäckerin aus Hamburg, sagte @somecity am Abend nach langer Beratung.",
    ],
)
def test_news_in_these_languages_stay(text: str) -> None:
    assert kind(text) is Kind.NEWS


@pytest.mark.parametrize(
    "text",
    [
        "Der Strom fiel in Köln nur für kurze Zeit aus.",
        "España y Portugal se juegan las últimas plazas para el Mundial.",
        "Quatro seleções disputam as últimas vagas para a Copa.",
        "Face à une offre limitée de logements, la ville veut construire.",
        "A Milano l'offerta limitata di case spinge i prezzi.",
        "Eni acquista ora il dieci per cento della società.",
        "Kuota terbatas membuat ribuan calon haji menunggu puluhan tahun.",
        "Boeing yeni sipariş için Ankara ile görüşüyor.",
        "Rossiya neftni Xitoyga chegirma bilan sotmoqda, deydi vazir.",
        "اتفق الطرفان على وقف إطلاق النار لفترة محدودة فقط.",
        "ایران خواستار تحویل فوری جنگنده‌ها شد",
        "هیچ مدرک رسمی در این باره ارائه نشد",
        "نظرسنجی‌ها: شانس برنده شدن او در انتخابات کم است",
        "Tausende reisten nach Rom, um teilzunehmen: der Papst sprach vor vollem Platz.",
        "تیم ملی برای شرکت در مسابقه فردا وارد دوحه شد",
        "وصل المنتخب إلى الدوحة للمشاركة في المسابقة القارية",
        "El ganador del sorteo de la lotería vive en un pueblo de Soria.",
        "Çekilişe katılan takımlar bugün İstanbul'da belli oldu.",
        "عضوی از خانواده سلطنتی بریتانیا درگذشت",
        "La policía usa el código QR para multar.",
        "Il truffatore usa il codice del corriere.",
        "A polícia usa o código penal contra eles.",
        "QR kodunu kullanan yolcular bekliyor.",
        "همین الان تماس تلفنی دو رئیس جمهور",
        "خرید فقط از طریق سامانه دولتی انجام می‌شود",
        "विश्वविद्यालय में प्रवेश प्रारंभ",
        "Das neue Telefon lässt sich jetzt bestellen.",
        "Concurso público está com inscrições abertas até sexta.",
        "Nafaqaxo‘rlar yanvardan chegirmaga ega bo‘ladi.",
        "Sorrentino partecipa al concorso di Cannes.",
        "Trois mille candidats viennent pour participer au concours d'entrée.",
        "La película participa en el concurso de San Sebastián.",
        "Venezia, prenotazione obbligatoria per i turisti da aprile.",
        "El papa abre nuevo canal de Telegram para jóvenes.",
        "O canal reserva água para a seca.",
        "Kanal İstanbul yerine yedek kanal planlanıyor.",
        "Le règlement du jeu vidéo en Europe change.",
        "Calanques : réservation obligatoire cet été pour limiter la foule.",
    ],
)
def test_what_news_say_of_goods_contests_and_rules_stays_beside_a_link(text: str) -> None:
    assert kind(f"{text} https://paper.example/a") is Kind.NEWS


@pytest.mark.parametrize(
    "text",
    [
        "El país sigue a la espera de ayuda",
        "Nuestro grupo no votará, dice el portavoz",
        "Il nostro gruppo voterà contro",
        "México busca unirse al grupo de los cinco",
        "مراسل قناتنا في غزة: غارة على خان يونس",
        "हमारे चैनल से बात करते हुए मंत्री रो पड़े",
        "Bakan kanalımıza konuştu: seçim yok",
        "Vazir kanalimizga intervyu berdi",
        "Guruhimizdagi raqiblar kuchli, dedi murabbiy",
        "Lula quer que o Brasil siga o exemplo da China",
        "أوكرانيا تسعى للانضمام إلى الناتو",
        "لاعب جديد انضم إلى الفريق الأول",
        "اشترك في العملية ثلاثون جنديا",
        "تابعنا بقلق ما يجري في المدينة",
        "Zirveye katılmak için Brezilya'ya gitti",
        "שתי מדינות הצטרפו להסכם הסחר החדש",
        "הבקשה להצטרפות לנאט״ו אושרה הערב",
        "Ronaldo gabung klub baru di Riyadh",
        "Am Freitag folgen sie den Kollegen",
        "Bürger wollen mehr davon",
        "Prezident rasmiy sahifasida yozdi",
        "Ўзбекистон ташкилотга аъзо бўлди",
    ],
)
def test_news_of_who_joins_and_who_follows_stay_above_the_channels_address(text: str) -> None:
    assert kind(f"{text}\n\n@somecity") is Kind.NEWS
    assert not joins(text)  # else it would go with the address, as a signature


def test_a_pitch_in_letters_that_filters_do_not_read_is_an_advertisement() -> None:
    pitch = "I gave my savings to a trader whom I met here and had ten times as much after two days"
    styled = "".join(chr(0x1D41A + ord(letter) - 97) if letter.islower() else letter for letter in pitch)
    assert kind(f"{styled}\n👇👇 https://t.me/+AbCdEf123456") is Kind.PROMO
    assert kind(styled) is not Kind.PROMO  # it leads nowhere
    assert kind(f"{styled[:30]} @trader") is not Kind.PROMO  # a headline may be set so


def phrases() -> list[tuple[str, str, str]]:
    """(use, language, phrase) of the file."""
    found: list[tuple[str, str, str]] = []
    use = ""
    for line in (files("ingest.cleaning") / "phrases.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            use = line.strip("[]")
        elif line and not line.startswith("//"):
            language, own = line.split("\t")
            found += [(use, language, phrase.strip()) for phrase in own.split(";")]
    return found


def said(phrase: str) -> list[str]:
    """The words of one text with the phrase."""
    shortest = [part.split("/")[-1].removesuffix("*") for part in phrase.removeprefix("^").split() if part != "_"]
    return written(" ".join(shortest))


def test_each_phrase_of_the_file_is_found_where_it_is_said() -> None:
    for use, language, phrase in phrases():
        words = said(phrase)
        if use == "shares":
            assert shares(words), (language, phrase)
        elif use == "calls to join":
            assert joins(" ".join(words)), (language, phrase)
        else:
            head = " ".join([*words, "https://t.me/x", "05:00 06:00 07:00"])
            assert ruled_by_phrase(words, head, head) == (KINDS[use], use), (language, phrase)


def test_no_language_has_a_phrase_twice() -> None:
    seen = phrases()
    assert {each for each in seen if seen.count(each) > 1} == set()


def test_phrases_that_all_have_a_whole_word_are_found() -> None:
    assert [*Phrases([("sells", "zamów teraz")]).found(["teraz", "zamow", "teraz"])] == [("sells", 1)]
