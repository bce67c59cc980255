"""Who called: signatures and secret headers, the edges of time, and what a stranger may send."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from mcu_sdk.errors import NaiveMomentError, UsageError
from mcu_sdk.wire import Secret, SignedWebhooks, TokenWebhooks, WebhookCall, WebhookRefusal, read_webhook

AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
PUBLISHED = (("webhook-id", ID), ("webhook-timestamp", "1614265330"), ("webhook-signature", SIGNATURE))
SCHEME = SignedWebhooks((Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),))
OTHER = SignedWebhooks((Secret("whsec_" + b64encode(b"o" * 24).decode()),))
TOKEN = TokenWebhooks("X-Secret-Token", (Secret("new?token-0123456"), Secret("old-token-0123456")))


def signed(
    webhook_id: str = ID, seconds: str = "1614265330", signature: str = SIGNATURE
) -> list[tuple[str, str]]:
    """The published headers, with changes."""
    return [("webhook-id", webhook_id), ("webhook-timestamp", seconds), ("webhook-signature", signature)]


def test_the_published_vector_is_signed_and_verified() -> None:
    """The vector of the Standard Webhooks reference libraries, both ways."""
    assert SCHEME.sign(ID, BODY, AT) == PUBLISHED
    assert SCHEME.verify(PUBLISHED, BODY, AT) == ID


@pytest.mark.parametrize(
    "headers",
    [
        [(name.upper(), value) for name, value in PUBLISHED],
        [("accept", "*/*"), ("accept", "text/html"), *PUBLISHED],
        signed(signature=f"v1,{'A' * 43}= v1a,abc {SIGNATURE}"),
    ],
    ids=["upper case", "other headers doubled", "several signatures"],
)
def test_headers_are_found_in_any_dress(headers: list[tuple[str, str]]) -> None:
    """Case, other headers and other signatures do not matter."""
    assert SCHEME.verify(headers, BODY, AT) == ID


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ([], "headers"),
        (PUBLISHED[1:], "headers"),
        ([*PUBLISHED, ("Webhook-ID", ID)], "headers"),
        ([("webhoo\u212a-id", ID), *PUBLISHED[1:]], "headers"),
        (signed(webhook_id=""), "headers"),
        (signed(webhook_id="a.b"), "headers"),
        (signed(webhook_id="ю"), "headers"),
        (signed(webhook_id="a" * 256), "headers"),
        (signed(signature=f"{'v1,A ' * 600}{SIGNATURE}"), "headers"),
        (signed(seconds="١٦١٤٢٦٥٣٣٠"), "time"),
        (signed(seconds=" 1614265330"), "time"),
        (signed(seconds="+1614265330"), "time"),
        (signed(seconds="1614265330\n"), "time"),
        (signed(seconds="9" * 5000), "time"),
        (signed(seconds="1614265331"), "signature"),
        (signed(webhook_id="other"), "signature"),
        (signed(signature=""), "signature"),
        (signed(signature="ю"), "signature"),
        (signed(signature="\udcff"), "signature"),
        (signed(signature=SIGNATURE.replace("v1,", "v1a,")), "signature"),
        (signed(signature=SIGNATURE.removesuffix("=")), "signature"),
        (signed(signature=SIGNATURE.replace("v1,", "")), "signature"),
        (OTHER.sign(ID, BODY, AT), "signature"),
    ],
)
def test_what_is_not_right_is_refused(headers: list[tuple[str, str]], reason: str) -> None:
    """Each by the word for the log, none by an exception."""
    refusal = SCHEME.verify(headers, BODY, AT)
    assert isinstance(refusal, WebhookRefusal)
    assert (refusal.status, refusal.reason) == (401, reason)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_time_may_differ_by_300_seconds_and_no_more(sign: int) -> None:
    """Both ends are closed."""
    edge = timedelta(seconds=300) * sign
    beyond = edge + timedelta(microseconds=1) * sign
    assert SCHEME.verify(PUBLISHED, BODY, AT + edge) == ID
    assert SCHEME.verify(PUBLISHED, BODY, AT + beyond) == WebhookRefusal(HTTPStatus.UNAUTHORIZED, "time")


def test_while_keys_change_both_are_good() -> None:
    """Before, meanwhile and after."""
    both = SignedWebhooks(OTHER.keys + SCHEME.keys)
    assert both.verify(PUBLISHED, BODY, AT) == both.verify(OTHER.sign(ID, BODY, AT), BODY, AT) == ID
    assert SCHEME.verify(both.sign(ID, BODY, AT), BODY, AT) == ID


@pytest.mark.parametrize(
    "key",
    [
        "",
        "whsec_",
        "whsec_short",
        "whsec_" + "я" * 40,
        "whsec_" + "A" * 88,
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ],
)
def test_an_unfit_key_is_refused_at_once_and_not_shown(key: str) -> None:
    """Empty, short, long, not base64, without its prefix; beside a fit one as well."""
    with pytest.raises(UsageError) as caught:
        SignedWebhooks((*SCHEME.keys, Secret(key)))
    assert caught.value.code == "usage.webhook_key"
    assert key in ("", "whsec_") or key not in str(caught.value)
    with pytest.raises(UsageError):
        SignedWebhooks(())


@pytest.mark.parametrize(
    ("header", "token"), [("X-T", ""), ("X-T", "ю" * 20), ("", "t" * 16), ("X T", "t" * 16)]
)
def test_an_unfit_token_is_refused_at_once(header: str, token: str) -> None:
    """As is the name of a header that cannot come."""
    with pytest.raises(UsageError, match="token"):
        TokenWebhooks(header, (Secret(token),))
    with pytest.raises(UsageError, match="token"):
        TokenWebhooks("X-T", ())


@pytest.mark.parametrize("token", TOKEN.tokens)
def test_a_secret_header_is_taken_by_each_token(token: Secret) -> None:
    """The digest of the body is the id."""
    verified = TOKEN.verify([("x-secret-TOKEN", token.reveal())], b"", AT)
    assert verified == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([], "headers"),
        (["old-token-0123456"] * 2, "headers"),
        ([""], "token"),
        (["old-token-012345"], "token"),
        (["OLD-TOKEN-0123456"], "token"),
        (["new\udc80token-0123456"], "token"),
        (["ю"], "token"),
    ],
)
def test_a_wrong_secret_header_is_refused(values: list[str], reason: str) -> None:
    """Absent, doubled, empty, cut, in another case, not ASCII."""
    refusal = TOKEN.verify([("X-Secret-Token", value) for value in values], BODY, AT)
    assert isinstance(refusal, WebhookRefusal)
    assert (refusal.status, refusal.reason) == (401, reason)


@pytest.mark.parametrize("scheme", [SCHEME, TOKEN])
def test_a_large_body_is_refused_before_anything_is_counted(scheme: SignedWebhooks | TokenWebhooks) -> None:
    """One byte above 1 MiB."""
    refusal = scheme.verify([], b"x" * (1024 * 1024 + 1), AT)
    assert isinstance(refusal, WebhookRefusal)
    assert (refusal.status, refusal.reason) == (413, "size")


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 100_000, b"9" * 5000])
def test_a_body_that_the_reader_cannot_read_is_a_bad_request(body: bytes) -> None:
    """Its sender is known; it is no exception."""
    refusal = read_webhook(SCHEME.sign("1", body, AT), body, SCHEME, json.loads, AT)
    assert isinstance(refusal, WebhookRefusal)
    assert (refusal.status, refusal.reason) == (400, "body")


def test_the_reader_is_asked_about_verified_bodies_only() -> None:
    """What it returns is the call's content."""
    asked: list[bytes] = []
    assert read_webhook(PUBLISHED, BODY, SCHEME, len, AT) == WebhookCall(ID, len(BODY))
    read_webhook(PUBLISHED, b"forged", SCHEME, asked.append, AT)
    assert asked == []


def test_our_own_mistakes_are_errors() -> None:
    """A time without a zone, an id that cannot be signed."""
    with pytest.raises(NaiveMomentError):
        read_webhook(PUBLISHED, BODY, SCHEME, len, AT.replace(tzinfo=None))
    with pytest.raises(UsageError, match="full stop"):
        SCHEME.sign("a.b", BODY, AT)
