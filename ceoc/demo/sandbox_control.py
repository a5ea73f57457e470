"""The sandbox's control address, over HTTP: its scenarios, its clock, its reset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import requests
from django.conf import settings

from ceoc.clock import Line

PATIENCE = (1.0, 10.0)
"""Seconds to connect, and to answer."""


class SandboxUnavailable(Exception):
    """The sandbox did not do it; the text says why, for a person."""


class Scenario(msgspec.Struct, frozen=True):
    """A scenario as the sandbox offers it."""

    name: str
    title: str
    starts_at: datetime
    text: str = ""


class Played(msgspec.Struct, frozen=True):
    """What the sandbox says it will play."""

    name: str
    starts_at: datetime
    ends_at: datetime


def scenarios() -> list[Scenario]:
    """What the sandbox can play. Raises SandboxUnavailable."""
    return _read(_ask("GET", "scenarios"), list[Scenario])


def tell_clock(line: Line) -> None:
    """Lets the sandbox's clock run on the product's line. Raises SandboxUnavailable."""
    said = {"real_start": line.real_start.isoformat(), "demo_start": line.demo_start.isoformat(), "rate": line.rate}
    _ask("POST", "clock", said)


def reset() -> None:
    """Empties the stand-in vendors. Raises SandboxUnavailable."""
    _ask("POST", "reset")


def play(name: str, at: datetime) -> Played:
    """Plays a scenario's acts from the demo time `at` on. Raises SandboxUnavailable, also for an unknown name."""
    return _read(_ask("POST", f"scenarios/{name}", {"at": at.isoformat(), "reset": False}), Played)


def _ask(method: str, path: str, body: dict[str, Any] | None = None) -> bytes:
    address = f"{settings.SANDBOX_URL.rstrip('/')}/{path}"
    session = requests.Session()
    session.trust_env = False  # the sandbox is on this machine, whatever proxy the environment names
    try:
        answer = session.request(method, address, json=body, timeout=PATIENCE)
    except requests.RequestException as error:
        raise SandboxUnavailable(
            f"The sandbox does not answer ({type(error).__name__}). It may still be starting."
        ) from None
    if not answer.ok:
        raise SandboxUnavailable(f"The sandbox refused ({answer.status_code}): {answer.text[:200]}")
    return answer.content


def _read(content: bytes, shape: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.MsgspecError as error:
        raise SandboxUnavailable(f"The sandbox's answer is not understood: {error}") from None
