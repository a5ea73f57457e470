"""What the environment says of the identity provider (`OIDC_*`), each problem in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit

import msgspec

from ceoc.access.roles import GROUPS, Role
from ceoc.demo.safety import is_loopback
from ceoc.env import Environment, Secret

PREFIX = "OIDC_"
EXPLICIT = ("OIDC_AUTHORIZATION_URL", "OIDC_TOKEN_URL", "OIDC_JWKS_URL")
"""Set together, they are used instead of what the provider publishes."""
KNOWN = frozenset({
    "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_CLIENT_SECRET_FILE", "OIDC_SCOPES",
    "OIDC_GROUP_CLAIM", "OIDC_GROUPS", "OIDC_US_GOV_GROUP", "OIDC_SIGNING_ALGORITHM", "OIDC_NAME", "OIDC_USERINFO_URL",
    *EXPLICIT,
})  # fmt: skip
ALGORITHMS = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
"""How a provider may sign: with a key of its own, of which only the public half is known here."""

NAME = "your company account"
ROLES_MEND = "Write it as group=role, group=role, or as JSON where a name holds a comma"


class Endpoints(msgspec.Struct, frozen=True):
    """The provider's addresses. Without `userinfo` the ID token alone tells who somebody is."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str = ""


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The identity provider as this dashboard uses it."""

    issuer: str
    client_id: str
    secret: Secret
    roles: Mapping[str, Role]
    """The role that each of the provider's groups gives."""
    scopes: str = "openid email profile"
    group_claim: str = "groups"
    us_gov_group: str = ""
    """The group whose members are cleared for US Government; empty: clearance is given by hand alone."""
    algorithm: str = "RS256"
    name: str = NAME
    """What people call the account that they sign in with."""
    endpoints: Endpoints | None = None
    """None: read from what the provider publishes."""

    @property
    def by(self) -> str:
        """How the audit names the provider."""
        return f"provider {urlsplit(self.issuer).netloc}"


def read(env: Environment, variables: Mapping[str, str]) -> Config | None:
    """The provider's settings; None when no `OIDC_` variable is set. What is wrong is kept as `env`'s problems."""
    given = {name for name, value in variables.items() if name.startswith(PREFIX) and value.strip()}
    if not given:
        return None
    for name in sorted(given - KNOWN):
        env.problem(f"{name} is no setting of the dashboard. Those of the provider are {', '.join(sorted(KNOWN))}.")
    issuer = _safe(env, "OIDC_ISSUER", "the identity provider's issuer").rstrip("/")
    return Config(
        issuer=issuer,
        client_id=env.text("OIDC_CLIENT_ID", what="the dashboard's client id at the identity provider"),
        secret=env.secret("OIDC_CLIENT_SECRET", what="the dashboard's client secret at the identity provider"),
        roles=_roles(env),
        scopes=_scopes(env),
        group_claim=env.text("OIDC_GROUP_CLAIM", what="the claim that lists a person's groups", default="groups"),
        us_gov_group=env.text("OIDC_US_GOV_GROUP", what="the group cleared for US Government", default=""),
        algorithm=env.text(
            "OIDC_SIGNING_ALGORITHM", what="how the provider signs ID tokens", default="RS256", one_of=ALGORITHMS
        ),
        name=env.text("OIDC_NAME", what="what people call the account they sign in with", default=NAME),
        endpoints=_endpoints(env, given, issuer),
    )


def is_safe(url: str) -> bool:
    """Whether what is sent to that address stays secret: HTTPS, or this machine itself."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or is_loopback(parts.hostname or ""))


def _safe(env: Environment, name: str, what: str, default: str | None = None) -> str:
    url = env.url(name, what=what, default=default)
    if url and not is_safe(url):
        env.problem(f"{name} ({what}) cannot be used: it begins with http://. Use https://; secrets travel there.")
    return url


def _scopes(env: Environment) -> str:
    scopes = env.text("OIDC_SCOPES", what="what the provider is asked for, by blanks", default="openid email profile")
    if "openid" not in scopes.split():
        env.problem("OIDC_SCOPES (what the provider is asked for) cannot be used: openid is missing. Add it.")
    return scopes


def _roles(env: Environment) -> dict[str, Role]:
    """`support-engineers=engineer, support-managers=manager`, or the same as a JSON object."""
    what = "which of the provider's groups has which role"
    text = env.text("OIDC_GROUPS", what=what)
    if not text:
        return {}
    try:
        pairs = _pairs(text)
    except (msgspec.DecodeError, ValueError):
        env.problem(f"OIDC_GROUPS ({what}) cannot be used: it has no group=role. {ROLES_MEND}.")
        return {}
    wrong = [f"{group}={role}" for group, role in pairs.items() if role not in GROUPS]
    if wrong:
        roles = ", ".join(GROUPS)
        env.problem(f"OIDC_GROUPS ({what}) cannot be used: it has {', '.join(wrong)}. The roles are {roles}.")
    return {group: cast("Role", role) for group, role in pairs.items() if role in GROUPS}


def _pairs(text: str) -> dict[str, str]:
    if text.startswith("{"):
        return msgspec.json.decode(text, type=dict[str, str])
    pairs = [item.strip().rpartition("=") for item in text.split(",") if item.strip()]
    if not all(group.strip() for group, _, _ in pairs):
        raise ValueError(text)
    return {group.strip(): role.strip() for group, _, role in pairs}


def _endpoints(env: Environment, given: set[str], issuer: str) -> Endpoints | None:
    """Those that are written out, all of them or none; whether there is a userinfo address is up to the provider."""
    if not given & {*EXPLICIT, "OIDC_USERINFO_URL"}:
        return None
    return Endpoints(
        issuer=issuer,
        authorization=_safe(env, "OIDC_AUTHORIZATION_URL", "where people sign in at the provider"),
        token=_safe(env, "OIDC_TOKEN_URL", "where the provider gives tokens"),
        keys=_safe(env, "OIDC_JWKS_URL", "where the provider publishes its keys"),
        userinfo=_safe(env, "OIDC_USERINFO_URL", "where the provider tells who somebody is", default=""),
    )
