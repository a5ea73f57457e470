"""Where the provider's doors are, and whether it answers: asked at most twice a minute, with little patience.

Nobody who is signed in waits for it. Each web process keeps what it heard last for half a minute, good or bad.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import msgspec
import requests
import structlog

from ceoc.access.oidc.config import Config, Endpoints, is_safe
from ceoc.access.oidc.refusals import Unavailable

log = structlog.get_logger(__name__)

PATIENCE = (2.0, 3.0)
"""Seconds to connect to the provider, and to wait for a byte of its answer."""
FRESH = 30.0
"""Seconds for which an answer, or that there is none, is believed."""
PUBLISHED = "/.well-known/openid-configuration"


class Heard(msgspec.Struct, frozen=True):
    """What the provider said last: its endpoints, or why there are none."""

    at: float
    endpoints: Endpoints | None
    trouble: str = ""


_heard: dict[tuple[str, str], Heard] = {}
_asking = threading.Lock()


def endpoints(config: Config) -> Endpoints:
    """The provider's endpoints. Raises Unavailable when it does not answer."""
    heard = _present(config)
    if heard.endpoints is None:
        raise Unavailable(heard.trouble)
    return heard.endpoints


def answers(config: Config) -> bool:
    """Whether the provider answered when it was asked last."""
    return _present(config).endpoints is not None


def forget() -> None:
    """The provider is asked anew by whoever needs it next."""
    _heard.clear()


def _present(config: Config) -> Heard:
    """What is known; while one asks, the others go by what was known before, if anything was."""
    key = (config.issuer, config.endpoints.keys if config.endpoints else "")
    heard = _heard.get(key)
    if heard and time.monotonic() - heard.at < FRESH:
        return heard
    if heard and _asking.locked():
        return heard
    with _asking:
        again = _heard.get(key)
        if again is None or again is heard:
            again = _heard[key] = _ask(config)
        return again


def _ask(config: Config) -> Heard:
    try:
        found = _written_out(config.endpoints) if config.endpoints else _published(config)
    except Unavailable as trouble:
        log.warning("provider.does_not_answer", issuer=config.issuer, reason=str(trouble))
        return Heard(time.monotonic(), None, str(trouble))
    return Heard(time.monotonic(), found)


def _written_out(found: Endpoints) -> Endpoints:
    """Those of the settings, when the provider gives its keys."""
    fetched(found.keys)
    return found


def _published(config: Config) -> Endpoints:
    told = fetched(config.issuer + PUBLISHED)
    found = {
        "issuer": told.get("issuer"),
        "authorization": told.get("authorization_endpoint"),
        "token": told.get("token_endpoint"),
        "keys": told.get("jwks_uri"),
        "userinfo": told.get("userinfo_endpoint") or "",
    }
    needed = {name: url for name, url in found.items() if url != "" or name != "userinfo"}
    wrong = [name for name, url in needed.items() if not isinstance(url, str) or not is_safe(url)]
    if wrong or str(found["issuer"]).rstrip("/") != config.issuer:
        raise Unavailable(f"what it publishes cannot be used ({', '.join(wrong) or 'another issuer'})")
    return Endpoints(**{name: str(url) for name, url in found.items()})


def fetched(url: str, **headers: str) -> dict[str, Any]:
    """The JSON object at an address of the provider. Raises Unavailable for anything else."""
    try:
        response = requests.get(url, timeout=PATIENCE, headers=headers)
        response.raise_for_status()
        told = response.json()
    except requests.RequestException as error:
        raise Unavailable(type(error).__name__) from None
    if not isinstance(told, dict):
        raise Unavailable("its answer is no JSON object")
    return told
