"""DEMO lets anybody be anybody, so it works on this machine only (security.md 13)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

NAMES = frozenset({"localhost"})

PROXY_HEADERS = frozenset({
    "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-port", "x-forwarded-proto", "x-real-ip",
    "x-forwarded-server", "cf-connecting-ip", "true-client-ip",
})  # fmt: skip
"""What a proxy adds; seen in DEMO, somebody has put the demo on a network."""


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine's own."""
    bare = host.strip("[]").lower()
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return bare in NAMES


def problems(*, hosts: Iterable[str], addresses: Mapping[str, str], variables: Mapping[str, str]) -> list[str]:
    """Why DEMO must not start, a sentence each: host names, addresses (by setting), variables of the environment."""
    found = [
        f"ALLOWED_HOSTS has {host}: DEMO answers to loopback names only." for host in hosts if not is_loopback(host)
    ]
    for name, url in addresses.items():
        host = urlsplit(url).hostname or ""
        if not is_loopback(host):
            found.append(f"{name} points at {host or 'nowhere'}: DEMO talks to stand-ins on this machine only.")
    oidc = sorted(name for name, value in variables.items() if name.startswith("OIDC_") and value)
    if oidc:
        found.append(f"{', '.join(oidc)}: DEMO and a real sign-in do not go together. Unset DEMO, or these.")
    return found


def refusal(*, peer: str | None, headers: Iterable[str]) -> str:
    """Why a request is not answered in DEMO, in a sentence; "" when it is. `headers` are names, in any case.

    A peer without an address is a socket file of this machine, or a test.
    """
    if peer and not is_loopback(peer):
        return "This is a demo. It answers on its own machine only."
    seen = PROXY_HEADERS & {name.lower().replace("_", "-") for name in headers}
    if seen:
        return f"This is a demo. It does not answer behind a proxy ({', '.join(sorted(seen))})."
    return ""
