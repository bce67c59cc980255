"""Invented texts with personal data planted in them, and with numbers that are none.

Written from how people write such things, not from the library's rules: values are drawn, given right
check digits by code of its own, and spelt in one of many ways. No value is of a real person.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

LATIN = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
STREETS = [
    "Ленина",
    "Советская",
    "Карла Маркса",
    "Мира",
    "50 лет Октября",
    "Садовая",
    "Гагарина",
    "Заводская",
]


@dataclass
class Planted:
    """A text in the making: `places` are (kind, start, end) of what was planted."""

    text: str = ""
    places: list[tuple[str, int, int]] = field(default_factory=list)

    def say(self, words: str) -> None:
        self.text += words

    def plant(self, kind: str, value: str) -> None:
        self.places.append((kind, len(self.text), len(self.text) + len(value)))
        self.text += value


def digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def grouped(value: str, sizes: tuple[int, ...], gaps: list[str]) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return "".join(part + gap for part, gap in zip(parts, [*gaps, ""], strict=True))


def phone(rng: random.Random, out: Planted) -> None:
    area = rng.choice(["910", "920", "903", "961", "953", "499", "4842", "48446", "4712"])
    rest = digits(rng, 10 - len(area))
    lead = rng.choice(["8", "+7", "7"])
    pieces = [rest[:-4], rest[-4:-2], rest[-2:]]
    dash = rng.choice(["-", "-", " ", "–", "", "."])
    local = dash.join(pieces)
    spelt = rng.choice(
        [
            f"{lead}{area}{rest}",
            f"{lead} ({area}) {local}",
            f"{lead}({area}){local}",
            f"{lead}-{area}-{local}",
            f"{lead} {area} {local}",
            f"{lead}\u00a0{area}\u00a0{'-'.join(pieces)}",
            f"({area}) {'-'.join(pieces)}",
        ]
    )
    out.say(
        rng.choice(["Звоните ", "Мой телефон ", "тел. ", "тел: ", "Связь: ", "", "Контакт – ", "вайбер "])
    )
    out.plant("phone", spelt)


def local_phone(rng: random.Random, out: Planted) -> None:
    out.say(rng.choice(["тел. ", "Телефон ", "телефон: ", "т. ", "по телефону ", "факс "]))
    out.plant("phone", f"{rng.randint(2, 9)}-{digits(rng, 2)}-{digits(rng, 2)}")


def mail(rng: random.Random, out: Planted) -> None:
    name = rng.choice(["ivanova", "p.petrov", "lena_83", "a-b.c", "Sidorov+dom", "жилец"]) + digits(
        rng, rng.randint(0, 3)
    )
    host = rng.choice(["mail.ru", "yandex.ru", "gmail.com", "bk.ru", "sub.example.org", "почта.рф"])
    out.say(rng.choice(["почта ", "e-mail: ", "Пишите на ", "мой адрес эл. почты ", ""]))
    out.plant("email", rng.choice([f"{name}@{host}", f"{name}@{host}".upper()]))


def snils(rng: random.Random, out: Planted) -> None:
    number = digits(rng, 9)
    if int(number) <= 1_001_998:
        number = "2" + number[1:]
    total = sum(int(sign) * weight for sign, weight in zip(number, range(9, 0, -1), strict=True))
    control = total if total < 100 else 0 if total in (100, 101) else total % 101
    value = number + f"{0 if control == 100 else control:02}"
    spelt = rng.choice(
        [
            value,
            grouped(value, (3, 3, 3, 2), ["-", "-", " "]),
            grouped(value, (3, 3, 3, 2), ["-", "-", "-"]),
            grouped(value, (3, 3, 3, 2), [" ", " ", " "]),
        ]
    )
    if spelt == value and value[0] in "78":  # nobody can tell it from a phone without the word
        out.say("СНИЛС ")
    else:
        out.say(rng.choice(["СНИЛС ", "снилс: ", "Мой СНИЛС № ", "СНИЛС - ", "Прилагаю: "]))
    out.plant("snils", spelt)


def inn(rng: random.Random, out: Planted) -> None:
    body = [int(sign) for sign in str(rng.randint(1, 8)) + digits(rng, 8)]
    ten = [2, 4, 10, 3, 5, 9, 4, 6, 8]
    if rng.random() < 0.3:
        body.append(sum(a * b for a, b in zip(body, ten, strict=True)) % 11 % 10)
    else:
        body.append(rng.randint(0, 9))
        body.append(sum(a * b for a, b in zip(body, [7, *ten], strict=True)) % 11 % 10)
        body.append(sum(a * b for a, b in zip(body, [3, 7, *ten], strict=True)) % 11 % 10)
    out.say(rng.choice(["ИНН ", "инн: ", "мой ИНН – ", "Налогоплательщик ", "ИНН № "]))
    out.plant("inn", "".join(map(str, body)))


def passport(rng: random.Random, out: Planted) -> None:
    region, year, number = digits(rng, 2), f"{rng.randint(0, 26):02}", digits(rng, 6)
    out.say(
        rng.choice(["Паспорт ", "паспорт: ", "паспорт гражданина РФ ", "паспортные данные: ", "Документ "])
    )
    out.plant(
        "passport",
        rng.choice(
            [
                f"{region}{year} {number}",
                f"{region} {year} {number}",
                f"{region}{year} № {number}",
                f"{region} {year} №{number}",
            ]
        ),
    )


def passport_in_words(rng: random.Random, out: Planted) -> None:
    region, year, number = digits(rng, 2), f"{rng.randint(0, 26):02}", digits(rng, 6)
    out.say(rng.choice(["паспорт серия ", "Паспорт: серия ", "паспорт серии ", "Серия "]))
    out.plant("passport", rng.choice([f"{region} {year} номер {number}", f"{region}{year}, номер {number}"]))


def card(rng: random.Random, out: Planted) -> None:
    value = rng.choice(["2200", "4276", "5469", "2202"]) + digits(rng, 11)
    total = 0
    for place, sign in enumerate(reversed(value)):
        doubled = int(sign) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    value += str(-total % 10)
    gap = rng.choice(["", " ", "-", "\u00a0"])
    out.say(rng.choice(["карта ", "Переведите на ", "номер карты: ", "на карту "]))
    out.plant("card", grouped(value, (4, 4, 4, 4), [gap] * 3))


def plate(rng: random.Random, out: Planted) -> None:
    letters = [rng.choice("АВЕКМНОРСТУХ") for _ in range(3)]
    number, region = f"{rng.randint(1, 999):03}", rng.choice(["40", "46", "77", "197", "750", "136"])
    spelt = rng.choice(
        [
            f"{letters[0]}{number}{letters[1]}{letters[2]}{region}",
            f"{letters[0]}{number}{letters[1]}{letters[2]} {region}",
            f"{letters[0]} {number} {letters[1]}{letters[2]} {region}",
            f"{letters[0]}{number}{letters[1]}{letters[2]}{region} RUS",
        ]
    )
    if "К" + "М" in spelt or "С" + "М" in spelt or "ММ" in spelt:
        out.say("госномер ")
    else:
        out.say(rng.choice(["госномер ", "машина ", "автомобиль с номером ", "г/н ", "Стоит "]))
    spelt = rng.choice([spelt, spelt.translate(LATIN), spelt.lower()])
    out.plant("plate", spelt)


def flat(rng: random.Random, out: Planted) -> None:
    house = f"{rng.randint(1, 180)}" + rng.choice(["", "", "", "а", "Б", "/2", "-а"])
    number = rng.randint(1, 300)
    block = rng.choice(["", "", ", корп. 2", " к. 1", " к2"])
    out.say(
        rng.choice(["ул. ", "улица ", "г. Мещовск, ул. ", "по адресу: ", "пер. ", "Ул. "])
        + rng.choice(STREETS)
        + rng.choice([", ", " "])
    )
    out.plant(
        "address",
        rng.choice(
            [
                f"д. {house}{block}, кв. {number}",
                f"д.{house}{block} кв.{number}",
                f"дом {house}{block} квартира {number}",
                f"дом {house}{block}, кв {number}",
                f"{house}{block}, кв. {number}",
                f"{house}{block} кв {number}",
                f"Д. {house}{block}, КВ. {number}",
                f"дом № {house}{block}, кв. № {number}",
            ]
        ),
    )


def lone_flat(rng: random.Random, out: Planted) -> None:
    number = rng.randint(1, 300)
    before, value = rng.choice(
        [
            ("Пишет жилец ", f"кв. {number}"),
            ("Топят соседи из ", f"{number} квартиры"),
            ("Живу в ", f"квартире {number}"),
            ("Течёт в ", f"{number}-й квартире"),
        ]
    )
    out.say(before)
    out.plant("address", value)


def own_house(rng: random.Random, out: Planted) -> None:
    house = f"{rng.randint(1, 180)}" + rng.choice(["", "", "а", "/2"])
    out.say(
        rng.choice(
            ["Проживаю по адресу: ", "Я живу на улице ", "Мой адрес: ул. ", "Мы живём по ул. ", "Прописан: "]
        )
        + rng.choice(["Ленина", "Мира", "Садовая", "Карла Маркса"])
    )
    out.say(rng.choice([", ", " "]))
    out.plant("address", rng.choice([f"д. {house}", f"дом {house}", house, f"д.{house}"]))


def account(rng: random.Random, out: Planted) -> None:
    out.say(rng.choice(["счёт ", "р/с ", "Лицевой счёт ", "номер "]))
    out.plant("number", rng.choice(["40817810", "42301810"]) + digits(rng, 12))


def wrong_but_named(rng: random.Random, out: Planted) -> None:
    """A slip in a digit: only the word before it tells what it is."""
    kind, word, size = rng.choice([("snils", "СНИЛС", 11), ("inn", "ИНН", 12), ("card", "карта", 16)])
    out.say(word + rng.choice([" ", ": ", " № "]))
    out.plant(kind, digits(rng, size))


PLANTERS: list[Callable[[random.Random, Planted], None]] = [
    phone,
    phone,
    local_phone,
    mail,
    snils,
    inn,
    passport,
    passport_in_words,
    card,
    plate,
    flat,
    flat,
    lone_flat,
    own_house,
    account,
    wrong_but_named,
]


def decoy(rng: random.Random) -> str:
    """A phrase with numbers in it and no personal data."""
    one, other = rng.randint(1, 99), rng.randint(100, 999)
    date = f"{rng.randint(1, 28):02}.{rng.randint(1, 12):02}.{rng.randint(2019, 2026)}"
    street = rng.choice(STREETS)
    return rng.choice(
        [
            f"Яма у дома {one} по ул. {street}",
            f"На ул. {street}, д. {one} не горит фонарь",
            f"Напротив домов {one}, {one + 2} и {one + 4} нет тротуара",
            f"Между домами {one}-{one + 6} по улице {street} лужа",
            f"от {date} № {other}",
            f"в соответствии с Федеральным законом от 02.05.2006 № {one}-ФЗ",
            f"до {date} {rng.randint(8, 17)}:{rng.randint(10, 59)}",
            f"{date} с 08-00 до 17-00",
            f"на сумму {rng.randint(1, 9)} {other} {rng.randint(100, 999)} руб.",
            f"бюджет {rng.randint(1, 9)} {other} 000 000 рублей",
            f"обращение № {rng.randint(10**9, 7 * 10**9)}",
            f"сообщение №{rng.randint(100000, 999999)} от {date}",
            f"дорога М-{rng.randint(1, 12)}, {other} км",
            f"с {other} км {one} метров",
            f"яма глубиной {one} см, длиной {other} см",
            f"с {other} см до {one} см",
            f"автобус № {one} ходит каждые {one} минут",
            f"в доме {one} квартир",
            f"в квартире {rng.randint(12, 18)} градусов",
            f"площадь {other},{one} кв. м",
            f"в {rng.randint(1, 4)} кв. {rng.randint(2019, 2026)} года",
            f"ЛЭП {rng.choice([6, 10, 35, 110])} кВ длиной {one} км",
            f"за {rng.randint(2017, 2019)} 2020 2021 годы",
            f"дома {one} {one + 2} {one + 4} {one + 6} {one + 8} {one + 10}",
            f"кадастровый номер 40:15:{rng.randint(100000, 999999)}:{other}",
            f"звоните 112 или 8 800 {other} {one:02} {one:02}",
            f"ст. {one} п. {one} КоАП РФ",
            f"температура -{one % 30}, ветер {one % 20} м/с",
            f"живу в Мещовске {one} лет",
            f"проживаю здесь с {rng.randint(1970, 2015)} года",
            f"в {one} доме нет воды с {date}",
            f"ГОСТ Р {rng.randint(10000, 99999)}-2017, п. 2.1.{one}",
            f"тариф {one},{one:02} руб. за {other} кВт",
            f"население {one} {other} человек",
        ]
    )


def texts(seed: int, count: int) -> list[Planted]:
    """Return *count* invented texts: two in three hold personal data, all hold decoys."""
    rng = random.Random(seed)
    made: list[Planted] = []
    for _ in range(count):
        out = Planted(rng.choice(["Здравствуйте! ", "Добрый день. ", ""]))
        pieces: list[Callable[[], None]] = [partial(out.say, decoy(rng)) for _ in range(rng.randint(1, 3))]
        pieces += [partial(planter, rng, out) for planter in rng.sample(PLANTERS, rng.choice([0, 1, 1, 2]))]
        rng.shuffle(pieces)
        for piece in pieces:
            piece()
            out.say(rng.choice([". ", ", ", "\n", "; ", ". "]))
        out.say(rng.choice(["Примите меры.", "Спасибо!", "Жду ответа", ""]))
        made.append(out)
    return made
