"""A channel's trust: the usual roots and its own, never less checking, nothing from the environment."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import trustme

from mcu_sdk.errors import UsageError
from mcu_sdk.transport.tls import TlsReason, reason_of, tls_context, tls_failure


@pytest.fixture(scope="module")
def root() -> trustme.CA:
    """A root that nobody knows."""
    return trustme.CA(organization_name="Root of one channel")


def subjects(context: ssl.SSLContext) -> str:
    """All names of the roots a context trusts."""
    return str([certificate["subject"] for certificate in context.get_ca_certs()])


def test_the_usual_roots_are_trusted_and_everything_is_checked() -> None:
    """Certificate, host name, TLS 1.2 or newer."""
    context = tls_context()
    assert len(context.get_ca_certs()) > 100
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_root_of_ones_own_comes_on_top_in_that_context_alone(root: trustme.CA, tmp_path: Path) -> None:
    """The usual roots stay, and another channel does not get the new one."""
    file = tmp_path / "root.pem"
    root.cert_pem.write_to_path(str(file))
    assert "Root of one channel" in subjects(tls_context(file))
    assert len(tls_context(file).get_ca_certs()) == len(tls_context().get_ca_certs()) + 1
    assert "Root of one channel" not in subjects(tls_context())


def test_nothing_is_read_from_the_environment(
    root: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither roots, nor where to write the keys of the traffic."""
    file = tmp_path / "root.pem"
    root.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    context = tls_context()
    assert "Root of one channel" not in subjects(context)
    assert context.keylog_filename is None


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"-----BEGIN CERTIFICATE-----\nbroken", b"\x00\xff", None]
)
def test_a_file_without_certificates_is_refused(content: bytes | None, tmp_path: Path) -> None:
    """Empty, broken or missing: the file is named, and what it should be."""
    file = tmp_path / "root.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError) as refusal:
        tls_context(file)
    assert refusal.value.code == "usage.ca_file"
    assert str(file) in str(refusal.value)
    assert str(file) in refusal.value.localized("ru")
    assert refusal.value.__context__ is None


@pytest.mark.parametrize("path", ["a\0b", "."])
def test_a_path_that_is_no_file_is_refused(path: str) -> None:
    """A folder or a name no file can have."""
    with pytest.raises(UsageError, match="cannot be used"):
        tls_context(Path(path))


def test_a_context_of_the_callers_is_used_as_it_is() -> None:
    """It carries its own trust and, say, a client certificate."""
    context = ssl.create_default_context()
    assert tls_context(context=context) is context


def test_checking_cannot_be_switched_off(tmp_path: Path) -> None:
    """No context that trusts everybody, ignores the host name or lets old TLS in."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    nameless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    nameless.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    optional = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    optional.verify_mode = ssl.CERT_OPTIONAL
    old = ssl.create_default_context()
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    for context in (trusting, nameless, optional, old):
        with pytest.raises(UsageError) as refusal:
            tls_context(context=context)
        assert refusal.value.code == "usage.tls_unchecked"
    with pytest.raises(UsageError) as refusal:
        tls_context(tmp_path / "root.pem", ssl.create_default_context())
    assert refusal.value.code == "usage.tls_twice"


def test_the_reason_is_found_down_the_chain_of_causes() -> None:
    """Whoever wrapped the ssl error, with `from` or without; another error has no such reason."""
    expired = ssl.SSLCertVerificationError(1, "certificate has expired")
    expired.verify_code = 10
    wrapped = RuntimeError("outer")
    wrapped.__cause__ = ConnectionError("inner")
    wrapped.__cause__.__context__ = expired
    assert reason_of(wrapped) is TlsReason.EXPIRED
    circle = RuntimeError("a")
    circle.__context__ = RuntimeError("b")
    circle.__context__.__context__ = circle
    for other in (RuntimeError("no"), circle, ssl.SSLError(1, "something else"), TimeoutError()):
        assert reason_of(other) is None
        assert tls_failure(other) is None


def test_an_unknown_refusal_of_a_certificate_is_still_one() -> None:
    """A verify code we have no words for is not taken for a network fault."""
    odd = ssl.SSLCertVerificationError(1, "revoked")
    odd.verify_code = 23
    assert reason_of(odd) is TlsReason.BAD_CERTIFICATE


@pytest.mark.parametrize("reason", list(TlsReason))
def test_every_reason_has_its_own_error(reason: TlsReason, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code, a hint and a Russian text each; nothing was delivered."""
    monkeypatch.setattr("mcu_sdk.transport.tls.reason_of", lambda _: reason)
    failure = tls_failure(OSError())
    assert failure is not None
    assert failure.delivered == "no"
    assert failure.hint
    assert failure.localized("ru") != str(failure)
