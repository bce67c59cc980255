"""Whom a channel trusts, and why a far side was not trusted."""

from __future__ import annotations

import ssl
from enum import StrEnum
from pathlib import Path

import certifi

from mcu_sdk.errors import TransportError, UsageError

__all__ = ["TlsReason", "reason_of", "tls_context", "tls_failure"]


class TlsReason(StrEnum):
    """Why no trusted connection came about."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    OTHER_HOST = "other_host"
    SELF_SIGNED = "self_signed"
    UNKNOWN_AUTHORITY = "unknown_authority"
    BAD_CERTIFICATE = "bad_certificate"
    NO_COMMON_PROTOCOL = "no_common_protocol"
    NOT_TLS = "not_tls"


_BY_VERIFY_CODE = {  # X509_V_ERR_* of OpenSSL's x509_vfy.h
    2: TlsReason.UNKNOWN_AUTHORITY,
    9: TlsReason.NOT_YET_VALID,
    10: TlsReason.EXPIRED,
    18: TlsReason.SELF_SIGNED,
    19: TlsReason.UNKNOWN_AUTHORITY,
    20: TlsReason.UNKNOWN_AUTHORITY,
    21: TlsReason.UNKNOWN_AUTHORITY,
    62: TlsReason.OTHER_HOST,
    64: TlsReason.OTHER_HOST,
}
_BY_LIBRARY_REASON = {
    "UNSUPPORTED_PROTOCOL": TlsReason.NO_COMMON_PROTOCOL,
    "NO_PROTOCOLS_AVAILABLE": TlsReason.NO_COMMON_PROTOCOL,
    "TLSV1_ALERT_PROTOCOL_VERSION": TlsReason.NO_COMMON_PROTOCOL,
    "SSLV3_ALERT_HANDSHAKE_FAILURE": TlsReason.NO_COMMON_PROTOCOL,
    "TLSV1_ALERT_INSUFFICIENT_SECURITY": TlsReason.NO_COMMON_PROTOCOL,
    "NO_CIPHERS_AVAILABLE": TlsReason.NO_COMMON_PROTOCOL,
    "DH_KEY_TOO_SMALL": TlsReason.NO_COMMON_PROTOCOL,
    "WRONG_VERSION_NUMBER": TlsReason.NOT_TLS,
    "HTTP_REQUEST": TlsReason.NOT_TLS,
}
_FAILURES = {
    TlsReason.EXPIRED: (
        TransportError,
        "transport.certificate_expired",
        "the certificate of the far side has expired",
        "check this machine's clock; if it is right, the operator must renew the certificate",
    ),
    TlsReason.NOT_YET_VALID: (
        TransportError,
        "transport.certificate_not_yet_valid",
        "the certificate of the far side is not valid yet",
        "check this machine's clock",
    ),
    TlsReason.OTHER_HOST: (
        TransportError,
        "transport.certificate_host",
        "the certificate of the far side is for another host",
        "check the address: write the name the certificate was issued for",
    ),
    TlsReason.SELF_SIGNED: (
        TransportError,
        "transport.certificate_self_signed",
        "the certificate of the far side is signed by itself",
        "if it is the operator's own, name its file as the channel's ca_file",
    ),
    TlsReason.UNKNOWN_AUTHORITY: (
        TransportError,
        "transport.certificate_authority",
        "the certificate of the far side is signed by an authority that is not trusted here",
        "name the authority's root as the channel's ca_file, if it is to be trusted",
    ),
    TlsReason.BAD_CERTIFICATE: (
        TransportError,
        "transport.certificate_unusable",
        "the certificate of the far side cannot be used",
        "ask the operator of the system",
    ),
    TlsReason.NO_COMMON_PROTOCOL: (
        TransportError,
        "transport.tls_version",
        "the far side offers no TLS 1.2 or newer with usual ciphers",
        "a system with GOST ciphers is reached through a tunnel on this machine",
    ),
    TlsReason.NOT_TLS: (
        TransportError,
        "transport.not_tls",
        "what answers at this address does not speak TLS",
        "check the port and whether the address should begin with http://",
    ),
}


def tls_context(ca_file: Path | None = None, context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """Return a context that trusts the usual roots and those of *ca_file*, or the caller's *context*.

    TLS 1.2 or newer, certificate and host name always checked. Nothing is read from the environment.
    Raises UsageError for a file without certificates and for a context that checks less.
    """
    if context is not None:
        return _strict(context, ca_file)
    # Not ssl.create_default_context: it obeys SSLKEYLOGFILE, which writes the keys of all traffic down.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    if ca_file is not None:
        _add_roots(context, ca_file)
    return context


def reason_of(error: BaseException) -> TlsReason | None:
    """Return why TLS failed, from the ssl error among the causes of *error*; None when TLS is not why."""
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _BY_VERIFY_CODE.get(getattr(cause, "verify_code", 0), TlsReason.BAD_CERTIFICATE)
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "reason", None)  # missing when Python code made the error
            if reason in _BY_LIBRARY_REASON:
                return _BY_LIBRARY_REASON[reason]
        cause = cause.__cause__ or cause.__context__
    return None


def tls_failure(error: BaseException) -> TransportError | None:
    """Return the error to raise when TLS is why *error* happened; nothing was delivered then."""
    reason = reason_of(error)
    if reason is None:
        return None
    kind, code, message, hint = _FAILURES[reason]
    return kind(code, message, hint, delivered="no")


def _strict(context: ssl.SSLContext, ca_file: Path | None) -> ssl.SSLContext:
    if ca_file is not None:
        raise UsageError(
            "usage.tls_twice",
            "a TLS context and a CA file exclude each other",
            "load the file into the context: context.load_verify_locations(ca_file)",
        )
    if (
        context.verify_mode != ssl.CERT_REQUIRED
        or not context.check_hostname
        or context.minimum_version < ssl.TLSVersion.TLSv1_2
    ):
        raise UsageError(
            "usage.tls_unchecked",
            "the TLS context does not check the certificate, the host name, or lets TLS before 1.2 in",
            "trust a private authority by its CA file instead",
        )
    return context


def _add_roots(context: ssl.SSLContext, ca_file: Path) -> None:
    try:
        context.load_verify_locations(ca_file)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError; ValueError: a NUL in the path
        reason = _WHY_UNREADABLE.get(type(error), "no certificate in it")
    else:
        return
    raise UsageError(
        "usage.ca_file",
        f"the CA file {ca_file} cannot be used: {reason}",
        "give a PEM file: it begins with -----BEGIN CERTIFICATE-----",
        file=str(ca_file),
        reason=reason,
    )


_WHY_UNREADABLE: dict[type[Exception], str] = {
    FileNotFoundError: "no such file",
    PermissionError: "no right to read it",
    IsADirectoryError: "a folder",
    ValueError: "not a path",
}
