"""The faults by name: what each does, whether the request takes effect, and how it is played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from mcu_sdk.sandbox import http1, playing, spoiling
from mcu_sdk.sandbox.playing import Play
from mcu_sdk.wire import Response

__all__ = ["FAULT_KINDS", "FaultKind"]

Spoiling: TypeAlias = Callable[[Response], Response]


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault. Of `spoil` and `play` it has one: an answer of another kind, or a way to send it.

    `takes_effect` says whether the sandbox does what was asked. `seconds` is the default of a kind
    that takes a time. A kind that is played `unread` comes before the body of the request is read.
    """

    name: str
    takes_effect: bool
    english: str
    russian: str
    spoil: Spoiling | None = None
    play: Play | None = None
    seconds: float | None = None
    unread: bool = False


_KINDS = (
    FaultKind(
        "latency",
        True,
        "the answer comes late",
        "ответ приходит с опозданием",
        play=playing.late,
        seconds=1.0,
    ),
    FaultKind(
        "slicer",
        True,
        "the answer comes in twenty pieces",
        "ответ приходит двадцатью кусками",
        play=playing.slices,
        seconds=0.005,
    ),
    FaultKind(
        "drip",
        True,
        "the body comes byte by byte, with a pause after each",
        "тело приходит по байту с паузой после каждого",
        play=playing.drip,
        seconds=0.2,
    ),
    FaultKind(
        "header_drip",
        True,
        "the answer comes byte by byte from its first line on",
        "ответ приходит по байту с самой первой строки",
        play=playing.header_drip,
        seconds=0.2,
    ),
    FaultKind(
        "silence_before",
        False,
        "nothing is done and no answer ever comes",
        "ничего не сделано, и ответа нет никогда",
        play=playing.silence,
    ),
    FaultKind(
        "silence_after",
        True,
        "it is done, and no answer ever comes",
        "сделано, но ответа нет никогда",
        play=playing.silence,
    ),
    FaultKind(
        "slow_close",
        True,
        "the connection is closed long after the answer",
        "соединение закрывается много позже ответа",
        play=playing.slow_close,
        seconds=1.0,
    ),
    FaultKind(
        "informational",
        True,
        "three preliminary answers (103) come before the answer",
        "перед ответом приходят три предварительных (103)",
        play=playing.preliminary,
    ),
    FaultKind(
        "informational_flood",
        True,
        "preliminary answers (103) come for ever",
        "предварительные ответы (103) идут без конца",
        play=playing.preliminary_flood,
    ),
    FaultKind(
        "reset_before",
        False,
        "the connection is reset before the request is read",
        "соединение сброшено раньше, чем прочитан запрос",
        play=playing.reset,
        unread=True,
    ),
    FaultKind(
        "reset_after",
        True,
        "it is done, and the connection is reset before the answer",
        "сделано, но соединение сброшено до ответа",
        play=playing.reset,
    ),
    FaultKind(
        "reset_body",
        True,
        "the connection is reset in the middle of the body",
        "соединение сброшено посреди тела",
        play=playing.reset_in_body,
    ),
    FaultKind(
        "close_before",
        False,
        "nothing is done, and the connection is closed without an answer",
        "ничего не сделано, соединение закрыто без ответа",
        play=playing.close,
    ),
    FaultKind(
        "close_after",
        True,
        "it is done, and the connection is closed without an answer",
        "сделано, но соединение закрыто без ответа",
        play=playing.close,
    ),
    FaultKind(
        "cut_length",
        True,
        "the body ends before its Content-Length",
        "тело кончается раньше своего Content-Length",
        play=playing.sent(http1.with_long_body),
    ),
    FaultKind(
        "cut_chunk",
        True,
        "the body ends in the middle of a chunk",
        "тело кончается посреди куска (chunked)",
        play=playing.sent(http1.with_unfinished_chunk),
    ),
    FaultKind(
        "cut_gzip",
        True,
        "the compressed body lacks its end mark",
        "у сжатого тела нет конца",
        play=playing.sent(lambda response: http1.gzipped(response, cut=True)),
    ),
    FaultKind(
        "cut_http10",
        True,
        "half of an HTTP/1.0 answer that ends with the connection",
        "половина ответа HTTP/1.0, который кончается вместе с соединением",
        play=playing.sent(http1.half_close_delimited),
    ),
    FaultKind(
        "http10",
        True,
        "an HTTP/1.0 answer that ends with the connection",
        "ответ HTTP/1.0, который кончается вместе с соединением",
        play=playing.sent(http1.close_delimited),
    ),
    FaultKind(
        "gzip",
        True,
        "the answer is compressed, as it should be",
        "ответ сжат, как положено",
        play=playing.sent(http1.gzipped),
    ),
    FaultKind(
        "false_gzip",
        True,
        "plain bytes are called gzip",
        "несжатое тело названо gzip",
        play=playing.sent(http1.with_false_gzip),
    ),
    FaultKind(
        "gzip_bomb",
        True,
        "256 kB that unpack to 256 MiB",
        "256 КБ, которые распаковываются в 256 МиБ",
        play=playing.sent(http1.bomb),
    ),
    FaultKind(
        "huge_headers",
        True,
        "200 kB of header lines",
        "200 КБ заголовков",
        play=playing.sent(http1.with_many_headers),
    ),
    FaultKind(
        "huge_header",
        True,
        "one header line of 200 kB",
        "один заголовок в 200 КБ",
        play=playing.sent(http1.with_header),
    ),
    FaultKind(
        "duplicate_length",
        True,
        "two Content-Length that contradict each other",
        "два Content-Length, которые противоречат друг другу",
        play=playing.sent(http1.with_duplicate_length),
    ),
    FaultKind(
        "garbage_status",
        True,
        "the first line is no status line",
        "первая строка — не строка состояния",
        play=playing.sent(http1.with_garbage_status),
    ),
    FaultKind(
        "bare_lf",
        True,
        "header lines end in a line feed alone",
        "строки заголовков кончаются одним LF",
        play=playing.sent(http1.without_carriage_returns),
    ),
    FaultKind(
        "login_page",
        False,
        "a page to log in by hand, with status 200",
        "страница входа со статусом 200",
        spoil=spoiling.login_page,
    ),
    FaultKind(
        "wrong_type",
        True,
        "the answer is called HTML",
        "ответ назван HTML",
        spoil=spoiling.wrongly_typed,
    ),
    FaultKind(
        "bom",
        True,
        "JSON after a byte order mark",
        "JSON после метки порядка байтов",
        spoil=spoiling.with_byte_order_mark,
    ),
    FaultKind("cp1251", True, "JSON in windows-1251", "JSON в windows-1251", spoil=spoiling.in_cp1251),
    FaultKind(
        "truncated_json",
        True,
        "half of the JSON as if it were all",
        "половина JSON под видом целого",
        spoil=spoiling.truncated,
    ),
    FaultKind(
        "deep_json",
        True,
        "a hundred thousand arrays in one another",
        "сто тысяч массивов друг в друге",
        spoil=spoiling.deeply_nested,
    ),
    FaultKind("empty_body", True, "status 200 without a body", "статус 200 без тела", spoil=spoiling.emptied),
    FaultKind(
        "redirect_loop",
        False,
        "a redirection to the same address",
        "перенаправление на тот же адрес",
        spoil=spoiling.redirected_to_itself,
    ),
    FaultKind(
        "redirect_away",
        False,
        "a redirection to another host",
        "перенаправление на другой узел",
        spoil=spoiling.redirected_away,
    ),
)

FAULT_KINDS = {kind.name: kind for kind in _KINDS}
"""Every named fault, in the order they are shown. A status from 400 to 599 is a fault besides."""
