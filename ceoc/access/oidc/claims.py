"""What the provider's claims mean: who it is, in which role, cleared or not. Values in, value out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ceoc.access.oidc.config import Config
from ceoc.access.oidc.refusals import Refused
from ceoc.access.roles import Role, first_role

LONGEST_NAME = 120
LONGEST_EMAIL = 254

NO_EMAIL = (
    "The identity provider did not say your e-mail address, which is how you are known here. Ask its administrator to"
    " release it to this dashboard."
)
NOT_VERIFIED = "The identity provider has not verified your e-mail address. Verify it there, then sign in again."
WRONG_GROUPS = (
    "The identity provider told your groups in a form that cannot be read. Ask its administrator to send them as a list"
    " of names."
)


class Arrival(msgspec.Struct, frozen=True):
    """Somebody whom the provider vouches for."""

    email: str
    name: str
    role: Role
    zone: str
    """Where they are, where the provider says it; empty else."""
    cleared: bool | None
    """None: the provider does not decide it."""


def arrival(claims: Mapping[str, Any], config: Config) -> Arrival:
    """Who has come. Raises Refused for an e-mail that is missing or not verified, and for groups of a wrong shape."""
    email = _email(claims)
    groups = _groups(claims, config.group_claim, email)
    name = claims.get("name")
    zone = claims.get("zoneinfo")
    return Arrival(
        email=email,
        name=name.strip()[:LONGEST_NAME] if isinstance(name, str) and name.strip() else "",
        role=first_role({config.roles[group] for group in groups if group in config.roles}),
        zone=zone if isinstance(zone, str) and zone in available_timezones() else "",
        cleared=config.us_gov_group in groups if config.us_gov_group else None,
    )


def _email(claims: Mapping[str, Any]) -> str:
    email = claims.get("email")
    if not isinstance(email, str) or not email.strip():
        raise Refused(NO_EMAIL, reason="no e-mail among the claims")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refused(NO_EMAIL, reason="the e-mail is none") from None
    if len(email) > LONGEST_EMAIL:
        raise Refused(NO_EMAIL, reason="the e-mail is too long")
    if claims.get("email_verified") not in (True, "true"):
        raise Refused(NOT_VERIFIED, reason="the e-mail is not verified", email=email)
    return email


def _groups(claims: Mapping[str, Any], name: str, email: str) -> set[str]:
    """The groups; none where the claim is not there, as many providers say nothing of nothing."""
    elsewhere = claims.get("_claim_names")
    if name not in claims and not (isinstance(elsewhere, Mapping) and name in elsewhere):
        return set()
    groups = claims.get(name)
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        raise Refused(WRONG_GROUPS, reason=f"the claim {name} is no list of names", email=email)
    return set(groups)
