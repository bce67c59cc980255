"""Who is responsible for a channel."""

from __future__ import annotations

from mcu_sdk.municipality import Post, Roster

CURATOR = Post("mcu.curator", "Куратор")
PORTAL = Post("portal.coordinator", "Ответственный за портал", "Имя Фамилия", ("portal",))


def test_the_post_that_answers_for_a_channel() -> None:
    """The first post that answers for the channel; the curator for the rest; nobody without a curator."""
    roster = Roster((CURATOR, PORTAL))
    assert roster.responsible_for("portal") is PORTAL
    assert roster.responsible_for("vk") is CURATOR
    assert Roster((PORTAL,)).responsible_for("vk") is None
    assert roster.holding("mcu.head") is None


def test_repr_names_no_person() -> None:
    """The holder's name is personal data: neither `repr` nor `str` shows it."""
    assert "Фамилия" not in repr(Roster((PORTAL,))) + str(PORTAL)
    assert str(PORTAL) == "Ответственный за портал (portal.coordinator)"
