"""A hundred thousand forged, replayed and malformed calls: none is taken, every genuine one is.

MCU_WEBHOOK_SEED repeats a run.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import random
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mcu_sdk.intake import Inbox, WebhookReply, receive_webhook
from mcu_sdk.model import Batch
from mcu_sdk.wire import Secret, SignedWebhooks, TokenWebhooks, WebhookScheme

SEED = os.environ.get("MCU_WEBHOOK_SEED") or str(random.SystemRandom().randrange(10**9))
CALLS = 100_000
GENUINE = 1_000
REPLAYS_OF_EACH = 4
RESTART_EVERY = 10_000
AT = datetime(2026, 1, 12, 9, 5, tzinfo=UTC)
NEW, OLD, RETIRED = b"n" * 24, b"o" * 32, b"r" * 24
TOKENS = ("New-token_0123456789", "old-token_0123456789")
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
ODD_SECONDS = (
    "{}.0",
    "+{}",
    "-{}",
    " {}",
    "{}\n",
    "0{}",
    "0x{}",
    "{}e0",
    "{}_0",
    "",
    "NaN",
    "9" * 30,
    "9" * 5000,
)
ODD_TEXTS = ("", "\x00", "ю", "\udcff", "v1", "v1,", ",", "v1,,", "None", "' OR 1=1", "A" * 4000)
ODD_BODIES = (
    b"",
    b"null",
    b"[]",
    b"{",
    b"\xff\xfe",
    b"[" * 2000,
    b"9" * 5000,
    b'{"channel": 1}',
    b'{"items": NaN}',
)


def key_of(raw: bytes) -> Secret:
    """The key as it is written."""
    return Secret("whsec_" + b64encode(raw).decode())


SIGNED = SignedWebhooks((key_of(NEW), key_of(OLD)))
TOKEN = TokenWebhooks("X-Secret-Token", tuple(Secret(token) for token in TOKENS))


@dataclass(frozen=True)
class Call:
    """A call on its way, by the parts that are signed and the headers they gave."""

    scheme: WebhookScheme
    headers: tuple[tuple[str, str], ...]
    body: bytes
    arrival: datetime


def body_of(number: int) -> bytes:
    """A batch of one message."""
    message = f'{{"channel": "portal", "account": "town", "external_id": "{number}", "text": "Яма"}}'
    return f'{{"channel": "portal", "account": "town", "items": [{message}]}}'.encode()


def signature(key: bytes, webhook_id: str, seconds: str, body: bytes, algorithm: str = "sha256") -> str:
    """A signature by a sender of our own making, who may sign what the library would not."""
    signed = f"{webhook_id}.{seconds}.".encode("utf-8", "surrogatepass") + body
    return "v1," + b64encode(hmac.digest(key, signed, algorithm)).decode()


def headers_of(webhook_id: str, seconds: str, signatures: str) -> tuple[tuple[str, str], ...]:
    """The three of them."""
    return (("webhook-id", webhook_id), ("webhook-timestamp", seconds), ("webhook-signature", signatures))


def genuine(chance: random.Random, number: int) -> Call:
    """A call that has to be taken: any key or both, any case, any moment of the 600 seconds."""
    arrival = AT + timedelta(seconds=number)
    body = body_of(number)
    if chance.random() < 0.2:
        name = "".join(chance.choice((letter.lower(), letter.upper())) for letter in "X-Secret-Token")
        return Call(TOKEN, (("accept", "*/*"), (name, chance.choice(TOKENS))), body, arrival)
    seconds = str(int(arrival.timestamp()) + chance.choice((-300, 300, 0, chance.randint(-300, 300))))
    webhook_id = f"msg_{number}"
    signatures = [
        signature(key, webhook_id, seconds, body) for key in chance.choice(((NEW,), (OLD,), (NEW, OLD)))
    ]
    strangers = [signature(RETIRED, webhook_id, seconds, body), "v1a,AAAA", "v2,AAAA", ""]
    shown = signatures + chance.sample(strangers, chance.randint(0, 3))
    chance.shuffle(shown)
    headers = [*headers_of(webhook_id, seconds, " ".join(shown)), ("accept", "a"), ("accept", "b")]
    chance.shuffle(headers)
    return Call(
        SIGNED, tuple((chance.choice((str.upper, str.title, str))(n), v) for n, v in headers), body, arrival
    )


def plain(chance: random.Random, number: int) -> tuple[str, str, bytes, datetime]:
    """Id, seconds, body and arrival of a signed call that would be good."""
    arrival = AT + timedelta(seconds=number)
    return (
        f"forged_{chance.randrange(10**9)}",
        str(int(arrival.timestamp())),
        body_of(10**6 + number),
        arrival,
    )


def changed_byte(chance: random.Random, body: bytes) -> bytes:
    """The body with one byte changed, put in, taken out, or cut short."""
    at = chance.randrange(len(body))
    other = bytes([body[at] ^ chance.randint(1, 255)])
    return chance.choice(
        (
            body[:at] + other + body[at + 1 :],
            body[:at] + other + body[at:],
            body[:at] + body[at + 1 :],
            body[:at],
        )
    )


def body_forged(chance: random.Random, number: int) -> Call:
    """Another body under a good signature."""
    webhook_id, seconds, body, arrival = plain(chance, number)
    headers = headers_of(webhook_id, seconds, signature(NEW, webhook_id, seconds, body))
    return Call(SIGNED, headers, changed_byte(chance, body), arrival)


def boundary_moved(chance: random.Random, number: int) -> Call:
    """The same signed bytes, cut into id, time and body elsewhere."""
    webhook_id, seconds, body, arrival = plain(chance, number)
    good = signature(NEW, webhook_id, seconds, f"{seconds}.".encode() + body)
    return Call(SIGNED, headers_of(f"{webhook_id}.{seconds}", seconds, good), body, arrival)


def parts_changed(chance: random.Random, number: int) -> Call:
    """Another id or time, or one character of the signature."""
    webhook_id, seconds, body, arrival = plain(chance, number)
    good = signature(OLD, webhook_id, seconds, body)
    at = chance.randrange(3, len(good) - 1)
    letter = chance.choice(BASE64.replace(good[at], ""))
    forged = (
        (f"{webhook_id}0", seconds, good),
        (webhook_id.upper(), seconds, good),
        (webhook_id, str(int(seconds) + chance.choice((-1, 1))), good),
        (webhook_id, seconds, good[:at] + letter + good[at + 1 :]),
        (webhook_id, seconds, good.replace("v1", chance.choice(("v1a", "V1", "v2", "", "v１")))),
        (webhook_id, seconds, chance.choice((good[:-1], good + "=", good.replace(",", " "), good[3:]))),
    )
    return Call(SIGNED, headers_of(*chance.choice(forged)), body, arrival)


def key_confused(chance: random.Random, number: int) -> Call:
    """Signed by no key, a retired one, a key's text, another scheme's secret, another algorithm or order."""
    webhook_id, seconds, body, arrival = plain(chance, number)
    text = key_of(NEW).reveal().encode()
    wrong = (b"", RETIRED, text, text[6:], TOKENS[0].encode(), NEW[:-1], NEW + OLD, chance.randbytes(24))
    signed = f"{webhook_id}.{seconds}.".encode() + body
    forged = (
        signature(chance.choice(wrong), webhook_id, seconds, body),
        signature(NEW, webhook_id, seconds, body, chance.choice(("sha1", "sha512", "md5"))),
        "v1," + hmac.digest(NEW, signed, "sha256").hex(),
        "v1," + b64encode(hashlib.sha256(signed).digest()).decode(),
        "v1," + b64encode(hmac.digest(NEW, body, "sha256")).decode(),
        signature(NEW, seconds, webhook_id, body),
        TOKENS[0],
    )
    return Call(SIGNED, headers_of(webhook_id, seconds, chance.choice(forged)), body, arrival)


def out_of_time(chance: random.Random, number: int) -> Call:
    """Well signed, but the time is too far or is no plain number."""
    webhook_id, seconds, body, arrival = plain(chance, number)
    far = chance.choice((-1, 1)) * (301 if chance.random() < 0.5 else chance.randint(302, 10**9))
    digits = chance.choice(("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९"))
    odd = chance.choice(
        (
            str(int(seconds) + far),
            seconds.translate(str.maketrans("0123456789", digits)),
            chance.choice(ODD_SECONDS).format(seconds),
        )
    )
    return Call(SIGNED, headers_of(webhook_id, odd, signature(NEW, webhook_id, odd, body)), body, arrival)


def beyond_the_edge(chance: random.Random, number: int) -> Call:
    """Well signed; it arrives up to a second beyond either edge."""
    webhook_id, seconds, body, _ = plain(chance, number)
    beyond = timedelta(seconds=300, microseconds=chance.randint(1, 10**6)) * chance.choice((-1, 1))
    arrival = datetime.fromtimestamp(int(seconds), UTC) + beyond
    return Call(
        SIGNED, headers_of(webhook_id, seconds, signature(NEW, webhook_id, seconds, body)), body, arrival
    )


def headers_spoiled(chance: random.Random, number: int) -> Call:
    """Well signed, and one header doubled, absent, misnamed or of odd text."""
    webhook_id, seconds, body, arrival = plain(chance, number)
    headers = list(headers_of(webhook_id, seconds, signature(NEW, webhook_id, seconds, body)))
    at = chance.randrange(3)
    name, value = headers[at]
    spoiled = chance.choice(
        (
            [(name, value), (chance.choice((str.upper, str.title, str))(name), value)],
            [(name, value), (name, "other")],
            [],
            [(chance.choice((f"{name} ", f" {name}", name.replace("-", "_"), f"x-{name}")), value)],
            [(name.replace("k", "\u212a"), value)],
            [(name, f"{value}\n")],
            [(name, chance.choice(ODD_TEXTS))],
        )
    )
    headers[at : at + 1] = spoiled
    return Call(SIGNED, tuple(headers), body, arrival)


def body_unreadable(chance: random.Random, number: int) -> Call:
    """Genuine but for its body, which no reader can read."""
    webhook_id, seconds, _, arrival = plain(chance, number)
    body = chance.choice(ODD_BODIES)
    return Call(
        SIGNED, headers_of(webhook_id, seconds, signature(NEW, webhook_id, seconds, body)), body, arrival
    )


def token_forged(chance: random.Random, number: int) -> Call:
    """A secret header that is absent, doubled, misnamed or not one of the tokens."""
    _, _, body, arrival = plain(chance, number)
    token = chance.choice(TOKENS)
    at = chance.randrange(len(token))
    name = TOKEN.header
    headers = chance.choice(
        (
            (),
            ((name, token), (name.lower(), token)),
            ((name.replace("k", "\u212a"), token),),
            ((name.replace("-", "_"), token),),
            ((name, token[:at] + chr(ord(token[at]) ^ 1) + token[at + 1 :]),),
            ((name, token[:at]),),
            ((name, token.swapcase()),),
            ((name, f"{token} "),),
            ((name, ",".join(TOKENS)),),
            ((name, chance.choice(ODD_TEXTS)),),
        )
    )
    return Call(TOKEN, headers, body, arrival)


FORGERIES: tuple[Callable[[random.Random, int], Call], ...] = (
    body_forged,
    boundary_moved,
    parts_changed,
    key_confused,
    out_of_time,
    beyond_the_edge,
    headers_spoiled,
    body_unreadable,
    token_forged,
)


def replayed(chance: random.Random, call: Call) -> Call:
    """A call that was taken, as it was or with its headers in another case and order."""
    headers = [(chance.choice((str.upper, str.lower))(name), value) for name, value in call.headers]
    chance.shuffle(headers)
    return replace(call, headers=chance.choice((call.headers, tuple(headers))))


def answered(inbox: Inbox, call: Call) -> WebhookReply:
    """What the library says."""
    return receive_webhook(
        inbox,
        call.headers,
        call.body,
        scheme=call.scheme,
        read=Batch.model_validate_json,
        now=call.arrival,
    )


def test_of_forged_replayed_and_malformed_calls_none_is_taken(tmp_path: Path) -> None:
    """All genuine ones among them are, once; the store is opened anew ten times on the way."""
    chance = random.Random(SEED)
    order = ["genuine"] * GENUINE + ["replay"] * GENUINE * REPLAYS_OF_EACH
    order += ["forged"] * (CALLS - len(order))
    chance.shuffle(order)
    inbox = Inbox.open(tmp_path / "town.sqlite3")
    taken: list[Call] = []
    seen: Counter[str] = Counter()
    for number, kind in enumerate(["genuine", *order]):
        if number % RESTART_EVERY == 0:
            inbox.close()
            inbox = Inbox.open(tmp_path / "town.sqlite3")
        if kind == "genuine":
            taken.append(call := genuine(chance, number))
            wanted, story = {"stored"}, kind
        elif kind == "replay":
            call = replayed(chance, chance.choice(taken))
            wanted, story = {"repeated"}, kind
        else:
            forge = chance.choice(FORGERIES)
            call, story = forge(chance, number), forge.__name__
            wanted = {"body"} if forge is body_unreadable else {"headers", "time", "signature", "token"}
        reply = answered(inbox, call)
        seen[f"{story}: {reply.reason}"] += 1
        assert reply.reason in wanted, f"{story}, call {number}, {reply}, MCU_WEBHOOK_SEED={SEED}"
        assert (reply.received is not None) == (kind == "genuine")
    assert inbox.count() == len(taken) == GENUINE + 1, f"MCU_WEBHOOK_SEED={SEED}"
    assert inbox.quarantined() == ()
    assert {story.split(":")[0] for story in seen} == {
        "genuine",
        "replay",
        *(forge.__name__ for forge in FORGERIES),
    }
    inbox.close()
