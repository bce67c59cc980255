"""Policies: ordered conditions, the first that fits wins."""

from __future__ import annotations

import pytest

from mcu_sdk.errors import PolicyError
from mcu_sdk.sla import Policy

POLICY = """
[[row]]
when = { regime = "59fz" }
rules = { final = "59fz.examination", registration = "59fz.registration" }

[[row]]
when = { channel = ["portal", "mail"], fast_track = true }
rules = { final = "portal.fast_track" }
authority = "external"

[[row]]
rules = { final = "portal.ordinary" }
"""


def test_the_first_row_that_fits_wins() -> None:
    """Every condition of a row must hold; a list means any of; a missing fact fits nothing."""
    policy = Policy.parse(POLICY)
    assert policy.choose({"regime": "59fz", "channel": "portal", "fast_track": True}).number == 1
    chosen = policy.choose({"regime": "message", "channel": "mail", "fast_track": True})
    assert (chosen.number, chosen.authority) == (2, "external")
    assert policy.choose({"channel": "portal", "fast_track": False}).number == 3
    assert policy.choose({}).rules["final"] == "portal.ordinary"


def test_a_mapping_is_read_like_text() -> None:
    """A profile that is already parsed gives the same policy."""
    row = {"when": {"kind": "comment"}, "rules": {"final": "comments.90_minutes"}}
    policy = Policy.parse({"row": [row, {"rules": {"final": "portal.ordinary"}}]})
    assert policy.choose({"kind": "comment"}).rules["final"] == "comments.90_minutes"


def test_nothing_fits_is_an_error() -> None:
    """Without a last row for all, a case that fits none is an error, not a guess."""
    policy = Policy.parse(POLICY.rsplit("[[row]]", 1)[0])
    with pytest.raises(PolicyError) as caught:
        policy.choose({"regime": "8fz"})
    assert caught.value.code == "sla.policy_no_match"


@pytest.mark.parametrize(
    ("change", "row", "named"),
    [
        (('when = { regime = "59fz" }', ""), 1, "only the last"),
        (("regime", "colour"), 1, "'when.colour'"),
        (('"59fz.examination"', '"59fz.exam"'), 1, "'59fz.exam'"),
        (('final = "59fz.examination", ', ""), 1, "'final'"),
        (("registration =", "registred ="), 1, "'rules.registred'"),
        (('"external"', '"theirs"'), 2, "'theirs'"),
        (('["portal", "mail"]', "[1.5]"), 2, "channel"),
    ],
)
def test_errors_name_the_row(change: tuple[str, str], row: int, named: str) -> None:
    """A row that cannot be used is named by its number, with what is wrong in it."""
    with pytest.raises(PolicyError) as caught:
        Policy.parse(POLICY.replace(*change, 1))
    assert caught.value.values["row"] == row
    assert named in str(caught.value)
    assert str(row) in caught.value.localized("ru")


@pytest.mark.parametrize("text", ["", "[[row", 'row = "x"', "[[rows]]"])
def test_what_is_no_policy_is_refused(text: str) -> None:
    """An empty text, broken TOML and unknown tables are policy errors."""
    with pytest.raises(PolicyError):
        Policy.parse(text)
