"""Downloads from strangers: what is asked of them, and what becomes of their answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest

from mcu_sdk.errors import Unreadable, UsageError
from mcu_sdk.transport import (
    AsyncDownloads,
    AsyncMemoryTransport,
    Downloads,
    MemoryTransport,
    RetryPolicy,
    SavedFile,
)
from mcu_sdk.wire import Request, Response

PHOTO = Response(200, {"content-type": "image/jpeg; q=1"}, b"photo")
URL = "https://cdn.example/photo.jpg?key=canary#top"
AT_ONCE = RetryPolicy(first_wait=timedelta(0))


class Strangers:
    """Servers that answer in turn by a script; notes what they were asked."""

    def __init__(self, *answers: Response) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        return self.answers.pop(0)


@pytest.fixture
def save(world: str, tmp_path: Path) -> Callable[..., SavedFile]:
    """Give `save(strangers, url, options of Downloads, options of save)` in each of the worlds."""

    def run(
        strangers: Strangers, url: str = URL, client: dict[str, Any] | None = None, **options: Any
    ) -> SavedFile:
        path = tmp_path / "file"
        if world == "sync":
            with Downloads(transport=MemoryTransport(strangers), retry=AT_ONCE, **client or {}) as downloads:
                return downloads.save(url, path, **options)

        async def on_the_loop() -> SavedFile:
            transport = AsyncMemoryTransport(strangers)
            async with AsyncDownloads(transport=transport, retry=AT_ONCE, **client or {}) as downloads:
                return await downloads.save(url, path, **options)

        return anyio.run(on_the_loop, backend=world)

    return run


def test_the_stranger_is_told_nothing_of_us(save: Callable[..., SavedFile], tmp_path: Path) -> None:
    """The request is the address and a call's own id: no token, and its key shows in no text of it."""
    strangers = Strangers(PHOTO)
    assert save(strangers).path == tmp_path / "file"
    assert (tmp_path / "file").read_bytes() == b"photo"
    (request,) = strangers.requests
    assert (request.method, request.target) == ("GET", "https://cdn.example/photo.jpg?key=canary")
    assert (request.body, request.authorized) == (None, False)
    assert [name for name, _ in request.headers] == ["Accept", "X-Request-ID"]
    assert "canary" not in repr(request)


def test_an_attempt_that_passes_over_begins_the_file_anew(
    save: Callable[..., SavedFile], tmp_path: Path
) -> None:
    """After a refusal the next attempt's file is saved, and nothing of the refusal."""
    strangers = Strangers(Response(503, {}, b"come back later"), PHOTO)
    assert save(strangers, size_bytes=5).content_type == "image/jpeg"
    assert (tmp_path / "file").read_bytes() == b"photo"
    assert len(strangers.requests) == 2


@pytest.mark.parametrize(
    ("url", "client"),
    [
        ("http://cdn.example/a", {}),
        ("https://cdn.example:8443/a", {}),
        ("https://cdn.example/a", {"hosts": ["files.example"]}),
        ("file:///etc/passwd", {}),
    ],
)
def test_a_refused_address_is_never_asked(
    save: Callable[..., SavedFile], tmp_path: Path, url: str, client: dict[str, Any]
) -> None:
    """Nothing is sent and nothing written."""
    strangers = Strangers()
    with pytest.raises(UsageError, match="address is refused"):
        save(strangers, url, client)
    assert strangers.requests == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("answer", "client", "code"),
    [
        (Response(302, {"location": "https://cdn.example/b"}), {}, "api.redirect"),
        (Response(206, {}, b"pho"), {}, "api.unreadable"),
        (replace(PHOTO, end_was_marked=False), {}, "api.end_not_marked"),
        (PHOTO, {"largest_file_bytes": 4}, "api.body_too_large"),
    ],
)
def test_other_answers_are_refused(
    save: Callable[..., SavedFile], tmp_path: Path, answer: Response, client: dict[str, Any], code: str
) -> None:
    """Redirects are not followed; parts, open ends and large files are not kept."""
    strangers = Strangers(answer)
    with pytest.raises(Unreadable) as raised:
        save(strangers, client=client)
    assert raised.value.code == code
    assert len(strangers.requests) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_port_a_host_and_an_open_end_may_be_allowed(save: Callable[..., SavedFile]) -> None:
    """The caller who knows more may say so."""
    strangers = Strangers(replace(PHOTO, end_was_marked=False))
    client = {"hosts": ["example"], "ports": [8443]}
    assert save(strangers, "https://cdn.example:8443/a", client, size_bytes=5).size_bytes == 5
