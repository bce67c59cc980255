"""Calls as values: what to send and how to read what comes back. Nothing here waits."""

from __future__ import annotations

from mcu_sdk.wire.address import strangers_address
from mcu_sdk.wire.body import Body, form_body, json_body, upload_body
from mcu_sdk.wire.call import Call
from mcu_sdk.wire.decoding import BodyBounds, BodyReader
from mcu_sdk.wire.page import Page, UnreadItem
from mcu_sdk.wire.reading import (
    check_status,
    check_whole,
    parse_body,
    parse_items,
    repeated_page,
    retry_after_seconds,
    unreadable,
)
from mcu_sdk.wire.request import Repeat, Request, path_of
from mcu_sdk.wire.response import Response
from mcu_sdk.wire.secret import Secret, SecretReference
from mcu_sdk.wire.token import Token, TokenIssuer
from mcu_sdk.wire.webhook import (
    Headers,
    SignedWebhooks,
    TokenWebhooks,
    WebhookCall,
    WebhookRefusal,
    WebhookScheme,
    read_webhook,
)

__all__ = [
    "Body",
    "BodyBounds",
    "BodyReader",
    "Call",
    "Headers",
    "Page",
    "Repeat",
    "Request",
    "Response",
    "Secret",
    "SecretReference",
    "SignedWebhooks",
    "Token",
    "TokenIssuer",
    "TokenWebhooks",
    "UnreadItem",
    "WebhookCall",
    "WebhookRefusal",
    "WebhookScheme",
    "check_status",
    "check_whole",
    "form_body",
    "json_body",
    "parse_body",
    "parse_items",
    "path_of",
    "read_webhook",
    "repeated_page",
    "retry_after_seconds",
    "strangers_address",
    "unreadable",
    "upload_body",
]
