"""Who is responsible for what, by role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Channel", "Post", "Roster"]

Channel: TypeAlias = Literal["portal", "incidents", "vk", "ok", "telegram", "max", "register"]
"""The channels a profile may name."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the municipality and the channels its holder answers for.

    `role` is namespaced (`"portal.coordinator"`, `"mcu.curator"`); `title` is how the post is called;
    `holder` is the person, if the profile names one.
    """

    role: str
    title: str
    holder: str | None = None
    answers_for: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Post(role={self.role!r})"

    def __str__(self) -> str:
        return f"{self.title} ({self.role})"


@dataclass(frozen=True, slots=True)
class Roster:
    """The posts of one municipality, in the order of its file."""

    posts: tuple[Post, ...] = ()

    def responsible_for(self, channel: str) -> Post | None:
        """Return the first post that answers for *channel*, else the curator, else None."""
        for post in self.posts:
            if channel in post.answers_for:
                return post
        return self.holding("mcu.curator")

    def holding(self, role: str) -> Post | None:
        """Return the first post of that role, None when there is none."""
        return next((post for post in self.posts if post.role == role), None)
