"""What the guard sees in an answer, what it lets go, and where it points."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.text import check_answer

GOOD = "Канава у дома 5 очищена 12.05.2026, вода уходит. Проверил её отдел благоустройства."


def found(text: str, *, public: bool = True) -> list[tuple[str, str]]:
    return [(one.check, one.excerpt(text)) for one in check_answer(text, public=public)]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "Ямы на ул. Ленина засыпали щебнем 3 мая. Асфальт на этом участке будет уложен до 1 июня 2026 года.",
        "Отключение вызвано ремонтом сети. В связи с заменой трубы воды нет до 18:00 12 мая, есть подвоз.",
        "Дорога не является муниципальной собственностью: участок принадлежит товариществу.",
        "Ваш вопрос рассмотрен: согласно статье 12 закона № 59-ФЗ ответ даётся за 30 дней.",
        "В доме 5 по ул. Мира проверен подвал, сухо. Выдано предписание управляющей компании до 15.06.2026.",
    ],
)
def test_answers_that_say_something_pass(text: str) -> None:
    """A measure or a reason, dates where something is promised, no one's data."""
    assert found(text) == []


@pytest.mark.parametrize("text", ["", " \n\t", "...", "—"])
def test_an_empty_answer_is_one_finding(text: str) -> None:
    """No other check speaks of an answer that has no word."""
    (one,) = check_answer(text, public=True)
    assert (one.check, one.level, one.start) == ("empty", "block", 0)
    assert one.end == len(text.strip() or text)


@pytest.mark.parametrize(
    "value",
    [
        "8 (48446) 9-14-56",
        "a.b@example.ru",
        "112-233-445 95",
        "500100732259",
        "40 12 345678",
        "4111 1111 1111 1111",
        "А123ВС40",
        "д. 5, кв. 12",
        "40817810099910004312",
    ],
)
def test_personal_data_blocks_public_answers_only(value: str) -> None:
    """Every kind; to the applicant alone it may be written."""
    text = f"{GOOD} Вот: {value}."
    (one,) = check_answer(text, public=True)
    assert (one.check, one.level, one.excerpt(text)) == ("personal_data", "block", value)
    assert value not in one.explain("ru") + one.explain("en") + repr(one)
    assert one.explain("ru").startswith("в публичном ответе персональные данные: ")
    assert check_answer(text, public=False) == ()


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Ремонт будет выполнен.", "будет выполнен"),
        ("Работы будут в полном объёме проведены подрядчиком.", "будут в полном объёме проведены"),
        ("Ремонт планируется.", "планируется"),
        ("Сделаем в ближайшее время.", "в ближайшее время"),
        ("Рассмотрим возможность установки.", "Рассмотрим возможность"),
        ("Замена запланирована при наличии средств.", "запланирована"),
    ],
)
def test_a_promise_needs_a_date_in_its_sentence(sentence: str, words: str) -> None:
    """A date elsewhere does not help."""
    assert found(f"{GOOD} {sentence}") == [("promise_without_date", words)]
    assert found(f"{sentence} {GOOD}") == [("promise_without_date", words)]


@pytest.mark.parametrize(
    "term",
    [
        "до 15.06.2026",
        "до 15.06",
        "1 июня",
        "в мае",
        "до конца июня",
        "до конца года",
        "в течение 10 рабочих дней",
        "в течение недели",
        "во II квартале",
        "в 3 кв. 2026 г.",
        "в 2026 году",
        "завтра",
        "не позднее пятницы",
    ],
)
def test_a_promise_with_a_date_or_a_term_passes(term: str) -> None:
    """Dates and terms as people write them."""
    assert found(f"{GOOD} Ремонт на ул. Мира будет выполнен {term}.") == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Спасибо за обращение, оно передано специалистам.", "Спасибо за обращение, оно передано"),
        ("Вопрос взят на контроль.", "взят на контроль"),
        ("Примите к сведению.", "Примите к сведению"),
        ("Информация  передана в отдел.", "Информация  передана"),
    ],
)
def test_stock_phrases(sentence: str, words: str) -> None:
    """Each says what to write in its place."""
    text = f"{GOOD} {sentence}"
    assert found(text) == [("stock_phrase", words)]
    (one,) = check_answer(text, public=True)
    assert one.level == "warn"
    assert one.explain("ru") != one.explain("en")


@pytest.mark.parametrize(
    "place", ["[ФИО]", "___", "{{name}}", "ХХХ", "XXX", "<дата>", "[телефон]", "${name}", "Ф.И.О.", "......"]
)
def test_places_of_a_template_that_nobody_filled(place: str) -> None:
    """Blank, bracketed, in Cyrillic and Latin; they block."""
    text = f"Уважаемый житель {place}! {GOOD}"
    places = [one for one in check_answer(text, public=True) if one.check == "unfilled_place"]
    assert [one.level for one in places] == ["block"] * len(places)
    assert {one.excerpt(text) for one in places} >= {
        place.rstrip(".") if place == "Ф.И.О." else place
    } or places


@pytest.mark.parametrize(
    "text",
    [
        "Благодарим вас за неравнодушие к жизни нашего района, ваше письмо получено.",
        "Ваше заявление будет рассмотрено до 15.06.2026, ответ придёт на портал.",
        "Уверены, что численность населения района растёт и рассмотрение вопроса важно.",
    ],
)
def test_an_answer_without_a_measure_or_a_reason(text: str) -> None:
    """Politeness and promises are no measure: the whole text is marked."""
    assert [one for one in found(text) if one[0] == "no_measure"] == [("no_measure", text)]


def test_capitals_are_seen_and_abbreviations_are_not() -> None:
    """Three words in capitals; names of bodies in capitals are shorter."""
    assert found(f"{GOOD} УВАЖАЕМЫЕ ЖИТЕЛИ РАЙОНА!") == [("all_caps", "УВАЖАЕМЫЕ ЖИТЕЛИ РАЙОНА")]
    assert found(f"{GOOD} Работы вело МУП ЖКХ МО.") == []


def test_a_short_answer_is_warned_of_with_numbers() -> None:
    """The explanation tells how many characters there are and how many are wanted."""
    text = "  Яма засыпана 12.05.2026.\n"
    (one,) = check_answer(text, public=True)
    assert (one.check, one.level, one.excerpt(text)) == ("too_short", "warn", text.strip())
    assert "24" in one.explain("ru")
    assert "60" in one.explain("en")


def test_findings_come_in_the_order_of_the_text() -> None:
    """Whatever order the checks run in."""
    text = f"Вопрос взят на контроль. [дата] Звоните: a@example.ru. {GOOD} Ремонт планируется."
    assert [one.check for one in check_answer(text, public=True)] == [
        "stock_phrase",
        "unfilled_place",
        "personal_data",
        "promise_without_date",
    ]


@given(
    st.lists(
        st.sampled_from(
            [
                "будет выполнен",
                "взят на контроль",
                "[ФИО]",
                "___",
                "тел. 9-14-56",
                "ДОМА УЛИЦЫ ДВОРЫ",
                "1 мая",
                "ул.",
                ".",
                "!",
                "\n",
                "\n\n",
                " ",
                "İ",
                "ё",
                "до 15.06.2026",
                "планируется",
                "очищена",
            ]
        ),
        max_size=20,
    ),
    st.booleans(),
)
def test_places_lie_in_the_text(words: list[str], public: bool) -> None:
    """Every find lies within the text it was made of, in order."""
    text = " ".join(words)
    findings = check_answer(text, public=public)
    assert all(0 <= one.start <= one.end <= len(text) for one in findings)
    assert [one.start for one in findings] == sorted(one.start for one in findings)
    assert all(one.excerpt(text) for one in findings if text)
