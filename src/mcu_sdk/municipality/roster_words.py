"""Why just that person must act, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from mcu_sdk.errors import Language
from mcu_sdk.municipality.roster import Roster, Standing
from mcu_sdk.sla.bilingual import Text
from mcu_sdk.sla.words import at_moment, on_date

__all__ = ["explained"]

_LINES = {
    "answers": Text(
        "За канал «{channel}» отвечает: {post}.", "Channel {channel!r} is answered for by: {post}."
    ),
    "nobody_answers": Text(
        "За канал «{channel}» никто не отвечает; по умолчанию — {post}.",
        "Nobody answers for channel {channel!r}; by default: {post}.",
    ),
    "no_post": Text(
        "За канал «{channel}» никто не отвечает, куратора нет.",
        "Nobody answers for channel {channel!r}, and there is no curator.",
    ),
    "duty": Text("По графику дежурит {who} до {until}.", "On duty is {who} until {until}."),
    "holder": Text("Должность занимает {who}.", "The post is held by {who}."),
    "substitute": Text("Замещает {who}.", "The substitute is {who}."),
    "away": Text("{who}: нет на месте по {through} включительно.", "{who} is away through {through}."),
    "unnamed": Text("Сотрудник в профиле не назван.", "The profile names no employee."),
    "none_left": Text(
        "На месте нет никого: ни ответственного, ни замещающих, ни руководителя, ни куратора.",
        "Nobody is there: no responsible, substitute, head or curator.",
    ),
    "acts": Text("Действует: {post}, {who}.", "Acts now: {post}, {who}."),
    "acts_unnamed": Text("Действует: {post}.", "Acts now: {post}."),
}


def explained(roster: Roster, channel: str, at: datetime, language: Language) -> str:
    """Return the lines of `Roster.explain`."""
    return "\n".join(_lines(roster, channel, at, language))


def _lines(roster: Roster, channel: str, at: datetime, language: Language) -> Iterator[str]:
    def say(line: str, **facts: object) -> str:
        return (
            _LINES[line].in_language(language).format_map({name: str(fact) for name, fact in facts.items()})
        )

    post = roster.responsible_for(channel, roster.civil_date(at))
    if post is None:
        yield say("no_post", channel=channel)
    else:
        yield say("answers" if channel in post.answers_for else "nobody_answers", channel=channel, post=post)
        for standing in roster.standings(post, at):
            yield _standing_line(roster, standing, language)
            if standing.absent_through is None:
                break
    rung = roster.acting(channel, at)
    if rung is None:
        yield say("none_left")
    elif rung.employee is None:
        yield say("acts_unnamed", post=rung.post)
    else:
        yield say("acts", post=rung.post, who=rung.employee)


def _standing_line(roster: Roster, standing: Standing, language: Language) -> str:
    who = str(standing.employee)
    if standing.employee is None:
        return _LINES["unnamed"].in_language(language)
    if standing.absent_through is not None:
        through = on_date(standing.absent_through)
        return _LINES["away"].in_language(language).format(who=who, through=through)
    until = standing.duty_until and at_moment(standing.duty_until.astimezone(roster.zone), language)
    return _LINES[standing.place].in_language(language).format(who=who, until=until)
