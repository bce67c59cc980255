"""Masking: contact details and document numbers leave a text, ordinary words and numbers do not."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.text import mask_text


@pytest.mark.parametrize(
    "phone",
    [
        "+79101234567",
        "89101234567",
        "+7 (910) 123-45-67",
        "8(910)123 45 67",
        "8-910-123-45-67",
        "8–910–123–45–67",
        "8\u00a0910\u00a0123\u00a045\u00a067",
        "8.910.123.45.67",
        "8 (48446) 9-14-56",
        "8 (4842) 56-12-34",
        "(910) 123-45-67",
    ],
)
def test_phone_numbers_are_masked(phone: str) -> None:
    """Mobile numbers and those of a district town, however they are written, leave no digit behind."""
    assert mask_text(f"Звоните {phone}, жду") == "Звоните [телефон], жду"


@pytest.mark.parametrize(
    "address", ["a.b@mail.ru", "a" * 64 + "@b.ru", "ivanov_i+1@sub.mail-1.example.com", "почта@пример.рф"]
)
def test_mail_addresses_are_masked(address: str) -> None:
    """Latin and Cyrillic addresses are masked whole."""
    assert mask_text(f"Пишите: {address}.") == "Пишите: [почта]."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("СНИЛС 112-233-445 95", "СНИЛС [СНИЛС]"),
        ("Номер 11223344595, прошу", "Номер [СНИЛС], прошу"),
        ("СНИЛС: 112-233-445 96 (ошибка)", "СНИЛС: [СНИЛС] (ошибка)"),
        ("Номер 112-233-445 96, прошу", "Номер [номер], прошу"),
        ("Номер 500100732259, прошу", "Номер [ИНН], прошу"),
        ("Номер 500100732258, прошу", "Номер [номер], прошу"),
        ("мой ИНН - 500100732258", "мой ИНН - [ИНН]"),
        ("Номер 40 12 345678, прошу", "Номер [паспорт], прошу"),
        ("Номер 4012345678, прошу", "Номер [номер], прошу"),
        ("паспорт 4012345678, прошу", "паспорт [паспорт], прошу"),
        ("паспорт серии 40 12 № 345678", "паспорт серии [паспорт]"),
        ("загранпаспорт 71 1234567", "загранпаспорт [паспорт]"),
        ("Номер 4111 1111 1111 1111, прошу", "Номер [карта], прошу"),
        ("Номер 4111 1111 1111 1112, прошу", "Номер [номер], прошу"),
        ("Номер 5234 4111 1111 1111 1111, прошу", "Номер 5234 [карта], прошу"),
        ("карта 4111 1111 1111 1112", "карта [карта]"),
        ("Номер 40817810099910004312, прошу", "Номер [номер], прошу"),
        ("лицевой счёт № 123456", "лицевой счёт № [номер]"),
        ("Полис 4650400843000011", "Полис [номер]"),
    ],
)
def test_document_numbers_are_told_apart(text: str, masked: str) -> None:
    """Check digits decide what a number is; where they fail, the word before it does."""
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("тел. 9-14-56, 9-15-33", "тел. [телефон], [телефон]"),
        ("по телефонам (55-47-60 и 74-02-46)", "по телефонам ([телефон] и [телефон])"),
        ("т. 2-13-45", "т. [телефон]"),
        ("[телефон], 2-13-45", "[телефон], [телефон]"),
        ("Звоните 123-45-67", "Звоните [телефон]"),
        ("по тел. (4712) 741480", "по тел. [телефон]"),
        ("903 874 17 24 не отвечает", "[телефон] не отвечает"),
        ("пишите: +375 29 123-45-67", "пишите: [телефон]"),
        ("8-910-12-34-567", "[телефон]"),
    ],
)
def test_phones_are_known_by_a_word_or_their_form(text: str, masked: str) -> None:
    """Local numbers, lists of numbers, numbers without a leading 8 and foreign ones."""
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Стоит А123ВС40.", "Стоит [номер машины]."),
        ("Стоит A123BC 777 RUS.", "Стоит [номер машины]."),
        ("Стоит О 186 МР 46", "Стоит [номер машины]"),
        ("гос. номер м139ск 46", "гос. номер [номер машины]"),
        ("автобус № н347кн.", "автобус № [номер машины]."),
        ("прицеп АВ 1234 40", "прицеп [номер машины]"),
        ("мотоцикл 1234 АВ 40", "мотоцикл [номер машины]"),
    ],
)
def test_plates_are_masked(text: str, masked: str) -> None:
    """Plates in Cyrillic and Latin letters; without a region or in small letters a word must say so."""
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("ул. Ленина, д. 5, кв. 12, топит", "ул. Ленина, [адрес], топит"),
        ("дом 5 квартира 12", "[адрес]"),
        ("К.Маркса 63а.кв.39 и Пигорева 8 б кВ.30", "К.Маркса [адрес] и Пигорева [адрес]"),
        ("Сумская 37б\\2 кв 114", "Сумская [адрес]"),
        ("ул. Мира, дом 5, корп. 2, подъезд 3, кв. 7", "ул. Мира, [адрес]"),
        ("проспект Дружбы 19в. 1 подьезд 46 кв. Тел", "проспект Дружбы [адрес]. Тел"),
        ("Сумская, 37Б/1 комната 44", "Сумская, [адрес]"),
        ("из 45 квартиры топят", "[адрес] топят"),
        ("12-я квартира", "[адрес]"),
        (
            "Проживаю по адресу: г. Мещовск, ул. Ленина, д. 5.",
            "Проживаю по адресу: г. Мещовск, ул. Ленина, [адрес].",
        ),
        ("Я живу на Ленина 5-12, яма", "Я живу на Ленина [адрес], яма"),
        ("мы проживаем по ул. хуторская 12г", "мы проживаем по ул. хуторская [адрес]"),
        ("Живу 30 лет по ул. 50 лет Октября д. 4/4", "Живу 30 лет по ул. 50 лет Октября [адрес]"),
        ("мой адрес:\nЛенина 12а", "мой адрес:\nЛенина [адрес]"),
        ("у моего дома 5", "у моего [адрес]"),
    ],
)
def test_the_way_to_a_door_is_masked(text: str, masked: str) -> None:
    """A flat with its house, and the house of one's own; the street stays."""
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Яма у дома 5 по ул. Ленина",
        "между домами 5-12 по ул. Ленина",
        "Живу в Мещовске 30 лет. На ул. Ленина, д. 5 яма",
        "проживаю на 5 этаже, в 1 подъезде",
        "в квартире 16,5 градусов",
        "в доме 40 квартир, 42,7 кв.м",
        "в 3 кв. 2025 года",
        "ЛЭП 10 кВ 35 опор",
        "12.05.2026 в 14:30, 01-12-2025 12-30",
        "59-ФЗ от 02.05.2006, от 08.12.2025 № 370",
        "1 000 000 рублей, 1 000 000 000 руб., 12 345 678 901,50 руб.",
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11",
        "за 2021 2022 2023 годы, дома 10 12 14 16 18",
        "обращение № 1234567890 от 08.12.2025, номер заявления 1140812138",
        "игнорирует обращение 46-2021-3283",
        "Проживаю здесь с 1975 года\nЯма у дома 19",
        "УВЕЛИЧИТЬ С 100 СМ 20, с100см20, с100мм50",
        "в 100 ро 12, с 125 то 40",
        "с 100 см 20, к 200 км 45, дорога М-3, 120 км",
        "тел. 112, 8 800 200-12-34",
        "кадастровый номер 40:15:100507:34",
        "телефон за 20 000 рублей",
    ],
)
def test_ordinary_numbers_stay(text: str) -> None:
    """Houses of public places, dates, laws, sums, roads, lists and numbers of appeals keep their numbers."""
    assert mask_text(text) == text


@given(st.text(alphabet=st.sampled_from("0123456789+78 ()-.@aя\n[]")))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    """What is masked once may be masked again, as in a copy of a copy."""
    once = mask_text(text)
    assert mask_text(once) == once


@pytest.mark.parametrize("unit", ["a@", "a.", "8 (", "1 ", "8", "a@a.", "(910) ", "8(910)12 "])
def test_masking_takes_linear_time(unit: str) -> None:
    """Twenty times the text is not 400 times the work."""
    short, long = (seconds_to_mask(unit * count) for count in (2_000, 40_000))
    assert long < 100 * short + 0.5


def seconds_to_mask(text: str) -> float:
    """The processor time of this thread for one masking, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.thread_time()
        mask_text(text)
        best = min(best, time.thread_time() - began)
    return best
