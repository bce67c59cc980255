"""Where a message goes, and whom a complaint never goes to."""

from __future__ import annotations

from datetime import date

import pytest

from mcu_sdk.errors import UsageError
from mcu_sdk.model import Message, Place, Topic
from mcu_sdk.municipality import Body, RouteRow, Routing
from mcu_sdk.municipality.phrases import mentions, words_of
from mcu_sdk.municipality.territory import covers, lies_in

TODAY = date(2026, 1, 12)
BODIES = {
    body.key: body
    for body in (
        Body("district", "Администрация района", ("глава района",)),
        Body("town", "Администрация города", ("горадминистрация",), "district"),
        Body("water", "МУП «Водоканал»", ("водоканал",), "town"),
    )
}


def message(text: str = "", topic: Topic | None = None, place: Place | None = None) -> Message:
    return Message(
        channel="portal",
        account="portal",
        external_id="1",
        text=text,
        topic=topic or Topic(),
        place=place or Place(),
    )


def routing(*rows: RouteRow) -> Routing:
    return Routing(BODIES, rows or (RouteRow(1, "water"),))


def executor(asked: Message, *rows: RouteRow, on: date = TODAY) -> str | None:
    found = routing(*rows).route(asked, on=on).executor
    return found.key if found else None


ROADS, WATER, REST = (
    RouteRow(1, "town", ("Дороги",)),
    RouteRow(2, "water", ("Учёт воды", "Водоснабжение")),
    RouteRow(3, "district"),
)


@pytest.mark.parametrize("level", ["group", "topic", "subtopic", "fact"])
def test_a_topic_is_looked_for_at_every_level(level: str) -> None:
    """Without case, «ё» and signs, but as a whole."""
    assert (
        executor(message(topic=Topic.model_validate({level: "УЧЕТ  воды."})), ROADS, WATER, REST) == "water"
    )
    assert executor(message(topic=Topic.model_validate({level: "воды"})), ROADS, WATER, REST) == "district"


def test_the_first_row_that_fits_wins() -> None:
    """The order of the file decides; without a fitting row a person must choose."""
    both = message(topic=Topic(group="Дороги", topic="Водоснабжение"))
    assert executor(both, ROADS, WATER, REST) == "town"
    assert executor(both, WATER, ROADS) == "water"
    route = routing(WATER).route(message(), on=TODAY)
    assert (route.executor, route.row, route.passed_over) == (None, None, ())
    assert "выбрать человек" in route.explain()


@pytest.mark.parametrize(
    ("place", "territory", "fits"),
    [
        (Place(oktmo="29627101"), "29627101", True),
        (Place(oktmo="29627101001"), "29627101", True),
        (Place(oktmo="29627101"), "29627101001", False),
        (Place(oktmo="29627102001"), "29627101", False),
        (Place(oktmo="29627101"), "29627000", True),
        (Place(oktmo="29628101"), "29627000", False),
        (Place(oktmo="29627101"), "29627101000", True),
        (Place(), "29627101", False),
        (Place(settlement="Серпейск"), "29627101", False),
        (Place(settlement="с. Серпейск"), "Серпейск", True),
        (Place(settlement="Серпейск"), "село Серпейск", True),
        (Place(settlement="г Мещовск"), "мещовск г", True),
        (Place(settlement="Новый Серпейск"), "Серпейск", False),
        (Place(settlement="пос. Озёрный"), "посёлок ОЗЕРНЫЙ", True),
        (Place(settlement="Новое Село"), "Новое", False),
        (Place(settlement="Село"), "Село", True),
        (Place(oktmo="29627101"), "Мещовск", False),
    ],
)
def test_territories(place: Place, territory: str, fits: bool) -> None:
    """A code covers what lies within it; a name is compared without the kind of the settlement."""
    assert lies_in(place, territory) is fits
    row = RouteRow(1, "water", (), ("99999999", territory))
    assert executor(message(place=place), row) == ("water" if fits else None)


def test_a_territory_covers_itself_and_what_lies_within() -> None:
    """What the search for rows that are never reached goes by."""
    assert covers("29627000", "29627101001")
    assert not covers("29627101001", "29627000")
    assert covers("с. Серпейск", "Серпейск")
    assert not covers("Серпейск", "29627101")


def test_topic_and_territory_must_both_fit() -> None:
    """Of several topics or territories one is enough; of the two kinds both."""
    row = RouteRow(1, "water", ("Вода", "Дороги"), ("29627101", "Серпейск"))
    roads, here, there = Topic(group="Дороги"), Place(settlement="Серпейск"), Place(settlement="Покров")
    assert executor(message(topic=roads, place=here), row) == "water"
    assert executor(message(topic=roads, place=there), row) is None
    assert executor(message(topic=Topic(group="Иное"), place=here), row) is None


def test_rows_are_in_force_between_their_dates() -> None:
    """Both ends included."""
    row = RouteRow(1, "water", valid_from=date(2026, 1, 12), valid_to=date(2026, 1, 13))
    wanted = {date(2026, 1, 11): None, date(2026, 1, 12): "water", date(2026, 1, 13): "water"}
    assert {on: executor(message(), row, on=on) for on in wanted} == wanted
    assert executor(message(), row, on=date(2026, 1, 14)) is None


def test_a_complaint_goes_to_the_one_above() -> None:
    """Past every body complained of, with the reasons; to nobody where all above are complained of."""
    route = routing().route(message(), on=TODAY, complained_of=["water"])
    assert route.executor is BODIES["town"]
    assert [(one.body.key, one.reason) for one in route.passed_over] == [("water", "named")]
    route = routing().route(message(), on=TODAY, complained_of={"water", "town"})
    assert route.executor is BODIES["district"]
    route = routing().route(message(), on=TODAY, complained_of=list(BODIES))
    assert route.executor is None
    assert [one.body.key for one in route.passed_over] == ["water", "town", "district"]
    assert "исполнителя должен выбрать человек" in route.explain()
    assert "a person must choose" in route.explain("en")


def test_a_complaint_of_another_body_changes_nothing() -> None:
    """The guard looks at whom the message would go to, not at all bodies."""
    route = routing().route(message("Жалоба на администрацию города"), on=TODAY, complained_of=["district"])
    assert (route.executor, route.passed_over) == (BODIES["water"], ())


@pytest.mark.parametrize(
    ("text", "passed_over"),
    [
        ("Жалоба на водоканал", ["water"]),
        ("ЖАЛУЮСЬ НА ВОДОКАНАЛ!!!", ["water"]),
        ("Прошу разобраться с бездействием Водоканала.", ["water"]),
        ("Обжалую решение МУП «Водоканал».", ["water"]),
        ("Написал жалобу. Отвечала администрация города, а до того водоканал.", ["water", "town"]),
        ("Водоканал починил трубу, спасибо", []),
        ("Жалоба на соседей", []),
        ("Подавал претензию водоканалу, глава района обещал помочь", ["water"]),
        ("", []),
    ],
)
def test_a_complaint_is_known_by_its_words(text: str, passed_over: list[str]) -> None:
    """A name of the body and a word of complaint, anywhere in the text and in any grammatical case."""
    route = routing().route(message(text), on=TODAY)
    assert [one.body.key for one in route.passed_over] == passed_over
    assert route.executor is not None
    assert route.executor.key == ["water", "town", "district"][len(passed_over)]


def test_an_unknown_body_complained_of_is_refused() -> None:
    """A mistyped key must not switch the guard off."""
    with pytest.raises(UsageError, match="known are district, town, water") as caught:
        routing().route(message(), on=TODAY, complained_of=["watre"])
    assert "district" in caught.value.localized("ru")


def test_a_circle_of_parents_ends() -> None:
    """Bodies made in code may form one; a person must choose then."""
    bodies = {"a": Body("a", "А", parent="b"), "b": Body("b", "Б", parent="a")}
    route = Routing(bodies, (RouteRow(1, "a"),)).route(message(), on=TODAY, complained_of=["a", "b"])
    assert route.executor is None
    assert Routing({}, (RouteRow(1, "a"),)).route(message(), on=TODAY).executor is None


def test_why_it_goes_there() -> None:
    """Row, conditions, dates, who was passed over and by which norm; nothing of the resident's own text."""
    row = RouteRow(2, "water", ("Вода",), ("29627101",), date(2026, 1, 1))
    told = message("Жалуюсь на водоканалушка", Topic(group="вода"), Place(oktmo="29627101001"))
    lines = routing(row).route(told, on=TODAY).explain().split("\n")
    assert lines == [
        "Строка маршрутов 2: тема «Вода», территория «29627101».",
        "Строка действует с 01.01.2026, проверено на 12.01.2026.",
        "Направить: МУП «Водоканал» (water).",
    ]
    told = told.model_copy(update={"text": "Жалуюсь на ВОДОКАНАЛ, мой телефон 2-00-00"})
    russian, english = (routing(row).route(told, on=TODAY).explain(language) for language in ("ru", "en"))
    assert "МУП «Водоканал» (water) — не сюда: в тексте есть «жалуюсь» и «водоканал»" in russian
    assert "№ 59-ФЗ, ч. 6 ст. 8" in russian
    assert "НЕ СВЕРЕНО" in russian
    assert russian.endswith("Направить: Администрация города (town).")
    assert "art. 8 part 6" in english
    assert "2-00-00" not in russian + english
    named = routing(REST).route(told, on=TODAY, complained_of=["district"]).explain()
    assert named.startswith("Строка маршрутов 3: без условий, для всех остальных.\nСтрока действует всегда")
    assert "не сюда: жалуются на этот орган" in named


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("бездействие управляющей компании", "управляющая компания", True),
        ("в отделе культуры", "отдел культуры", True),
        ("отдельный культурный", "отдел культуры", False),
        ("культуры отдел", "отдел культуры", False),
        ("из дома", "дом", False),
        ("жкх", "ЖКХ", True),
        ("жкху", "ЖКХ", False),
        ("управленческий", "управление", False),
        ("", "управление", False),
        ("управление", "«»", False),
    ],
)
def test_names_are_found_in_any_case(text: str, phrase: str, found: bool) -> None:
    """Words side by side, endings of up to three letters; short words and abbreviations as they stand."""
    assert mentions(words_of(text), phrase) is found
