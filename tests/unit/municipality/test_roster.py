"""Who is responsible for a channel, and who acts now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mcu_sdk.errors import NaiveMomentError
from mcu_sdk.municipality import Absence, Duty, Employee, Post, Roster

MOSCOW = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 1, 12, 9, tzinfo=MOSCOW)
TODAY = MONDAY.date()
STAFF = {key: Employee(key) for key in ("clerk", "deputy", "third", "head", "curator")}

CURATOR = Post("mcu.curator", "Куратор", "curator")
HEAD = Post("mcu.head", "Руководитель", "head")
PORTAL = Post("portal.coordinator", "Ответственный за портал", "clerk", ("portal",), ("deputy", "third"))
POSTS = (CURATOR, HEAD, PORTAL)


def away(*keys: str, first: date = TODAY, last: date = TODAY) -> tuple[Absence, ...]:
    return tuple(Absence(key, first, last) for key in keys)


def roster(
    posts: tuple[Post, ...] = POSTS, absences: tuple[Absence, ...] = (), duties: tuple[Duty, ...] = ()
) -> Roster:
    return Roster(posts, STAFF, absences, duties, MOSCOW)


def steps(people: Roster, at: datetime = MONDAY, channel: str = "portal") -> list[tuple[str, str | None]]:
    return [(rung.step, rung.employee.key if rung.employee else None) for rung in people.ladder(channel, at)]


def test_the_post_that_answers_for_a_channel() -> None:
    """The first post that answers for the channel; the curator for the rest; nobody without a curator."""
    people = roster((CURATOR, PORTAL))
    assert people.responsible_for("portal") is PORTAL
    assert people.responsible_for("vk") is CURATOR
    assert Roster((PORTAL,)).responsible_for("vk") is None
    assert people.holding("mcu.head") is None


def test_the_ladder_goes_from_holder_to_curator() -> None:
    """The holder, the substitutes in order, the head, the curator."""
    assert steps(roster()) == [
        ("responsible", "clerk"),
        ("substitute", "deputy"),
        ("substitute", "third"),
        ("head", "head"),
        ("curator", "curator"),
    ]


def test_the_absent_are_passed_over() -> None:
    """The first who is there is the responsible; whoever is away is no rung."""
    assert steps(roster(absences=away("clerk", "third", "head"))) == [
        ("responsible", "deputy"),
        ("curator", "curator"),
    ]


def test_whoever_is_left_is_the_responsible() -> None:
    """With nobody of the post there, the head acts, and is told once."""
    assert steps(roster(absences=away("clerk", "deputy", "third"))) == [
        ("responsible", "head"),
        ("curator", "curator"),
    ]
    nobody = roster(absences=away(*STAFF))
    assert steps(nobody) == []
    assert nobody.acting("portal", MONDAY) is None


def test_a_duty_wins_over_the_holder_while_it_lasts() -> None:
    """From its beginning until its end, itself excluded; an absent one on duty is passed over."""
    duty = Duty("portal.coordinator", "third", MONDAY, MONDAY + timedelta(hours=1))
    people = roster(duties=(duty,))
    assert steps(people)[:3] == [("responsible", "third"), ("substitute", "clerk"), ("substitute", "deputy")]
    assert steps(people, MONDAY + timedelta(minutes=59, seconds=59))[0] == ("responsible", "third")
    assert steps(people, MONDAY + timedelta(hours=1))[0] == ("responsible", "clerk")
    assert steps(people, MONDAY - timedelta(seconds=1))[0] == ("responsible", "clerk")
    assert steps(roster(absences=away("third"), duties=(duty,)))[0] == ("responsible", "clerk")


def test_a_duty_of_another_role_changes_nothing() -> None:
    """Only the role that the duty names."""
    duty = Duty("mcu.head", "third", MONDAY, MONDAY + timedelta(hours=1))
    assert steps(roster(duties=(duty,))) == [
        ("responsible", "clerk"),
        ("substitute", "deputy"),
        ("substitute", "third"),
        ("curator", "curator"),
    ]


def test_nobody_stands_on_two_rungs() -> None:
    """A head who substitutes for the clerk, and is curator too, is told once."""
    posts = (
        Post("mcu.curator", "Куратор", "head"),
        HEAD,
        Post("portal.coordinator", "Ответственный", "clerk", ("portal",), ("head",)),
    )
    assert steps(roster(posts)) == [("responsible", "clerk"), ("substitute", "head")]


def test_a_post_without_an_employee_is_one_addressee() -> None:
    """By its role, and once; an employee spelled like the role is another addressee."""
    posts = (Post("mcu.curator", "Куратор"), Post("mcu.head", "Руководитель", "mcu.curator"))
    assert steps(roster(posts)) == [("responsible", None), ("head", "mcu.curator")]
    rung = roster(posts).acting("portal", MONDAY)
    assert rung is not None
    assert rung.post.role == "mcu.curator"


def test_posts_live_between_their_dates() -> None:
    """The first that answers on the date, both ends included; without a date all of them count."""
    old = Post("portal.coordinator", "Прежний", "clerk", ("portal",), valid_to=date(2026, 1, 11))
    new = Post("portal.coordinator", "Новый", "deputy", ("portal",), valid_from=date(2026, 1, 12))
    people = roster((old, new))
    assert steps(people, MONDAY) == [("responsible", "deputy")]
    assert steps(people, datetime(2026, 1, 11, 23, 59, 59, tzinfo=MOSCOW)) == [("responsible", "clerk")]
    assert people.responsible_for("portal") is old
    assert people.responsible_for("portal", date(2026, 1, 12)) is new
    assert people.holding("portal.coordinator", date(2026, 1, 12)) is new


def test_dates_are_those_of_the_municipality() -> None:
    """A moment in UTC that is the next date at home."""
    late_evening = datetime(2026, 1, 11, 21, 30, tzinfo=UTC)
    assert steps(roster(absences=away("clerk")), late_evening)[0] == ("responsible", "deputy")
    assert steps(roster(absences=away("clerk")), late_evening - timedelta(hours=1))[0][1] == "clerk"


def test_a_moment_needs_a_zone() -> None:
    """A naive one is refused, never guessed."""
    with pytest.raises(NaiveMomentError):
        roster().ladder("portal", datetime(2026, 1, 12))  # noqa: DTZ001  # the point of the test
    with pytest.raises(NaiveMomentError):
        roster().explain("portal", datetime(2026, 1, 12))  # noqa: DTZ001


def test_why_this_person() -> None:
    """Absences that follow on one another are one; who is not needed is not told of."""
    absences = (
        *away("clerk", last=date(2026, 1, 14)),
        *away("clerk", first=date(2026, 1, 15), last=date(2026, 1, 20)),
        *away("clerk", first=date(2026, 1, 22), last=date(2026, 1, 30)),
    )
    assert roster(absences=absences).explain("portal", MONDAY).split("\n") == [
        "За канал «portal» отвечает: Ответственный за портал (portal.coordinator).",
        "clerk: нет на месте по 20.01.2026 включительно.",
        "Замещает deputy.",
        "Действует: Ответственный за портал (portal.coordinator), deputy.",
    ]
    duty = Duty("portal.coordinator", "third", MONDAY, datetime(2026, 1, 12, 18, tzinfo=UTC))
    assert roster(duties=(duty,)).explain("portal", MONDAY, "en").split("\n") == [
        "Channel 'portal' is answered for by: Ответственный за портал (portal.coordinator).",
        "On duty is third until 12.01.2026 21:00 MSK.",
        "Acts now: Ответственный за портал (portal.coordinator), third.",
    ]


def test_why_nobody_of_the_post() -> None:
    """A channel nobody answers for, posts without employees, and a day on which nobody is there."""
    assert (
        roster().explain("vk", MONDAY).startswith("За канал «vk» никто не отвечает; по умолчанию — Куратор")
    )
    assert Roster().explain("vk", MONDAY) == (
        "За канал «vk» никто не отвечает, куратора нет.\n"
        "На месте нет никого: ни ответственного, ни замещающих, ни руководителя, ни куратора."
    )
    unnamed = Roster((Post("mcu.curator", "Куратор"),)).explain("vk", MONDAY, "en")
    assert "The profile names no employee." in unnamed
    assert unnamed.endswith("Acts now: Куратор (mcu.curator).")
    nobody = roster(absences=away(*STAFF)).explain("portal", MONDAY, "en")
    assert nobody.endswith("Nobody is there: no responsible, substitute, head or curator.")


def test_reprs_name_no_person() -> None:
    """Name, contact and the reason of an absence are personal data: `repr` and `str` leave them out."""
    person = Employee("clerk", "Фамилия Имя Отчество", "Главный специалист", "тел. 2-00-00")
    absence = Absence("clerk", TODAY, TODAY, "болезнь")
    post = Post("portal.coordinator", "Ответственный", "clerk")
    shown = f"{person!r} {person} {absence!r} {absence} {post!r} {post} {Roster((post,)).posts!r}"
    assert not {"Фамилия", "болезнь", "2-00-00"} & set(shown.replace(",", " ").split())
    assert repr(person) == "Employee('clerk')"
    assert str(person) == "Главный специалист (clerk)"
    assert str(post) == "Ответственный (portal.coordinator)"
