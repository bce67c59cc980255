"""The ladder and the routes beside slow oracles that take the words of the guide one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from mcu_sdk.model import Message, Place, Topic
from mcu_sdk.municipality import Absence, Body, Duty, Employee, Post, Roster, RouteRow, Routing

KEYS = ("a", "b", "c", "d")
DAYS = [date(2026, 3, 27) + timedelta(days=number) for number in range(6)]
ZONES = ("Europe/Moscow", "Asia/Kamchatka", "Europe/Berlin")  # the last one changes its clocks on 29.03.2026
ROLES = ("portal.coordinator", "mcu.head", "mcu.curator")

keys = st.sampled_from(KEYS)
days = st.sampled_from(DAYS)
hours = st.integers(0, 6 * 24 - 1)
validity = st.none() | days


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    midnight = datetime(2026, 3, 27, tzinfo=UTC)
    posts = tuple(
        Post(
            role,
            role,
            draw(st.none() | keys),
            ("portal",) if draw(st.booleans()) else (),
            tuple(draw(st.lists(keys, max_size=3))),
            draw(validity),
            draw(validity),
        )
        for role in draw(st.lists(st.sampled_from(ROLES), max_size=5))
    )
    absences = tuple(Absence(draw(keys), draw(days), draw(days)) for _ in range(draw(st.integers(0, 4))))
    duties = tuple(
        Duty(
            draw(st.sampled_from(ROLES)),
            draw(keys),
            midnight + timedelta(hours=draw(hours)),
            midnight + timedelta(hours=draw(hours)),
        )
        for _ in range(draw(st.integers(0, 4)))
    )
    return Roster(posts, {key: Employee(key) for key in KEYS}, absences, duties, zone)


moments = hours.map(lambda hour: datetime(2026, 3, 27, 0, 30, tzinfo=UTC) + timedelta(hours=hour))


def present(roster: Roster, key: str | None, today: date) -> bool:
    return not any(one.employee == key and one.first <= today <= one.last for one in roster.absences)


def who_may_act(roster: Roster, post: Post, at: datetime) -> list[str | None]:
    """On duty, the holder (None where no one is named), the substitutes; without the absent."""
    today = at.astimezone(roster.zone).date()
    on_duty = [
        duty.employee
        for duty in roster.duties
        if duty.role == post.role and duty.begins_at.timestamp() <= at.timestamp() < duty.ends_at.timestamp()
    ]
    return [key for key in (*on_duty, post.holder, *post.substitutes) if present(roster, key, today)]


def slow_ladder(roster: Roster, at: datetime) -> list[tuple[str, str, str | None]]:
    today = at.astimezone(roster.zone).date()
    living = [
        post for post in roster.posts if (post.valid_from or date.min) <= today <= (post.valid_to or date.max)
    ]
    answering = [post for post in living if "portal" in post.answers_for]
    curators = [post for post in living if post.role == "mcu.curator"]
    asked: list[tuple[str, Post, str | None]] = []
    for post in (answering or curators)[:1]:
        asked += [("substitute", post, key) for key in who_may_act(roster, post, at)]
    for step, role in (("head", "mcu.head"), ("curator", "mcu.curator")):
        for post in [post for post in living if post.role == role][:1]:
            asked += [(step, post, key) for key in who_may_act(roster, post, at)[:1]]
    ladder: list[tuple[str, str, str | None]] = []
    for step, post, key in asked:
        told = [who for _, _, who in ladder if who is not None]
        told_posts = [role for _, role, who in ladder if who is None]
        if (key is not None and key not in told) or (key is None and post.role not in told_posts):
            ladder.append((step if ladder else "responsible", post.role, key))
    return ladder


@given(rosters(), moments)
def test_the_ladder_is_the_slow_one(roster: Roster, at: datetime) -> None:
    """Whoever is asked in the order of the guide, without the absent and without repetitions."""
    ladder = roster.ladder("portal", at)
    got = [(rung.step, rung.post.role, rung.employee.key if rung.employee else None) for rung in ladder]
    assert got == slow_ladder(roster, at)
    assert roster.acting("portal", at) == (ladder[0] if ladder else None)
    assert roster.explain("portal", at).count("\n") + 1 >= 2


@given(rosters(), moments, st.sampled_from(ZONES))
def test_the_spelling_of_a_moment_does_not_matter(roster: Roster, at: datetime, zone: str) -> None:
    """The same instant in another zone asks the same people."""
    assert roster.ladder("portal", at.astimezone(ZoneInfo(zone))) == roster.ladder("portal", at)


TOPICS = ("Дороги", "Учёт воды", "Мусор")
CODES = ("29627101", "29627101001", "29627102", "29627000", "29628101")
dates = st.sampled_from(DAYS)


@st.composite
def routings(draw: st.DrawFn) -> Routing:
    bodies = {key: Body(key, f"Орган {key}{key}{key}{key}", parent=draw(st.none() | keys)) for key in KEYS}
    rows = tuple(
        RouteRow(
            number,
            draw(keys),
            tuple(draw(st.lists(st.sampled_from(TOPICS), max_size=2))),
            tuple(draw(st.lists(st.sampled_from(CODES), max_size=2))),
            draw(validity),
            draw(validity),
        )
        for number in range(1, draw(st.integers(0, 5)) + 1)
    )
    return Routing(bodies, rows)


def slow_row(routing: Routing, topic: str | None, code: str | None, on: date) -> RouteRow | None:
    for row in routing.rows:
        prefixes = [one.removesuffix("000") for one in row.territories]
        if (
            (row.valid_from or date.min) <= on <= (row.valid_to or date.max)
            and (not row.topics or topic in row.topics)
            and (not row.territories or (code or "-").startswith(tuple(prefixes)))
        ):
            return row
    return None


@given(
    routings(),
    st.none() | st.sampled_from(TOPICS),
    st.none() | st.sampled_from(CODES),
    dates,
    st.sets(keys),
    st.sets(keys),
)
def test_no_complaint_reaches_the_body_complained_of(
    routing: Routing, topic: str | None, code: str | None, on: date, named: set[str], told: set[str]
) -> None:
    """The executor is the first above the fitting row's that nobody complains of, or there is none."""
    text = "Жалуюсь: " + ", ".join(f"орган {key}{key}{key}{key}" for key in sorted(told))
    message = Message(
        channel="portal",
        account="portal",
        external_id="1",
        text=text,
        topic=Topic(group=topic and topic.upper()),
        place=Place(oktmo=code),
    )
    route = routing.route(message, on=on, complained_of=named)
    row = slow_row(routing, topic, code, on)
    assert route.row == (row and row.number)
    body, passed = row and routing.bodies[row.executor], list[str]()
    while body and body.key in named | told and body.key not in passed:
        passed.append(body.key)
        body = routing.bodies[body.parent] if body.parent else None
    wanted = body if body and body.key not in passed else None
    assert route.executor == wanted
    assert [one.body.key for one in route.passed_over] == passed
    assert (route.executor is None) == ("человек" in route.explain())
