"""How one organisation is connected to the portal."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from mcu_sdk.transport import Limit, NetworkSettings
from mcu_sdk.wire import Secret, SecretReference

__all__ = ["PortalSettings"]


@dataclass(frozen=True, slots=True)
class PortalSettings:
    """The address, the account and its keys; pickles when the secrets are references.

    `account` is our own name of the organisation's cabinet and part of every message's identity.
    `organisation_id` and `organisation_secret` are the organisation's own pair, `client_id` and
    `client_secret` the OAuth pair; the operator gives both. With `writes=False` nothing on the far
    side is changed: no acknowledgement, no status, no file. `network` names the channel's own CA file and
    proxy. `limits` hold our own calls back; what the portal itself allows is not known, so there are none
    unless given.
    """

    url: str
    account: str
    organisation_id: str
    organisation_secret: Secret | SecretReference
    client_id: str
    client_secret: Secret | SecretReference
    writes: bool = False
    time_limit: timedelta = timedelta(seconds=60)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    limits: tuple[Limit, ...] = ()
