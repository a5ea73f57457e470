"""The one door to the identity provider: a code becomes claims that are signed, fresh, and meant for us.

Stands on mozilla-django-oidc for the exchange and the signature; what it leaves to its users is checked here:
issuer, audience, age, and that userinfo speaks of the same person as the ID token.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import jwt
import requests
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from ceoc.access.oidc.config import Config, Endpoints
from ceoc.access.oidc.known import PATIENCE, fetched
from ceoc.access.oidc.refusals import Refused, Unavailable

LEEWAY = 30
"""Seconds by which the provider's clock may differ from ours."""
MUST_SAY = ["iss", "sub", "aud", "exp", "iat", "nonce"]

AGAIN = "Try to sign in again; tell an administrator when it happens twice."
NOT_TAKEN = f"The identity provider did not take the code that it gave. {AGAIN}"
NOT_PROVEN = f"What the identity provider answered could not be verified, so nobody was signed in. {AGAIN}"


class Door(OIDCAuthenticationBackend):
    """The provider, as the settings and what it publishes say. Made for one sign-in."""

    def __init__(self, config: Config, endpoints: Endpoints) -> None:
        self._issuer, self._client_id = endpoints.issuer, config.client_id
        self._told = {
            "OIDC_OP_TOKEN_ENDPOINT": endpoints.token,
            "OIDC_OP_USER_ENDPOINT": endpoints.userinfo,
            "OIDC_OP_JWKS_ENDPOINT": endpoints.keys,
            "OIDC_RP_CLIENT_ID": config.client_id,
            "OIDC_RP_CLIENT_SECRET": config.secret(),
            "OIDC_RP_SIGN_ALGO": config.algorithm,
            "OIDC_TIMEOUT": PATIENCE,
        }
        super().__init__()

    def get_settings(self, attr: str, *args: Any) -> Any:
        """The library's settings come from ours, never from Django's."""
        return self._told.get(attr, *args)

    def claims(self, code: str, *, nonce: str, verifier: str, back: str) -> dict[str, Any]:
        """Who the code stands for. `back` is the address that the code was sent to.

        Raises Refused for what cannot be believed, Unavailable for a provider that does not answer.
        """
        with _judged():
            token = self.get_token({
                "client_id": self._client_id,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": back,
                "code_verifier": verifier,
            })  # fmt: skip
            told = self.verify_token(token["id_token"], nonce=nonce)
            return together(told, self._userinfo(token["access_token"], told["sub"]))

    def _userinfo(self, access_token: str, subject: str) -> dict[str, Any]:
        """What userinfo adds; it must speak of the same person (OpenID Connect Core, 5.3.2)."""
        if not self.OIDC_OP_USER_ENDPOINT:
            return {}
        info = fetched(self.OIDC_OP_USER_ENDPOINT, Authorization=f"Bearer {access_token}")
        if info.get("sub") != subject:
            raise Refused(NOT_PROVEN, reason="userinfo speaks of somebody else")
        return info

    def retrieve_matching_jwk(self, token: str) -> jwt.PyJWK:
        """The provider's key that the token names; without a name there must be only one that fits (Core, 10.1)."""
        name, algorithm = jwt.get_unverified_header(token).get("kid"), self.OIDC_RP_SIGN_ALGO
        fitting = [
            key
            for key in fetched(self.OIDC_OP_JWKS_ENDPOINT)["keys"]
            if key.get("alg", algorithm) == algorithm
            and key.get("use", "sig") == "sig"
            and name in (None, key.get("kid"))
        ]
        if len(fitting) != 1:
            raise Refused(NOT_PROVEN, reason=f"{len(fitting)} keys of the provider fit the ID token")
        return jwt.PyJWK(fitting[0], algorithm=algorithm)

    def _verify_jws(self, payload: str, key: jwt.PyJWK) -> dict[str, Any]:
        """The ID token's claims, when our provider signed them for us and they are not over."""
        claims: dict[str, Any] = jwt.decode(
            payload, key, algorithms=[self.OIDC_RP_SIGN_ALGO], audience=self._client_id, issuer=self._issuer,
            leeway=LEEWAY, options={"require": MUST_SAY},
        )  # fmt: skip
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self._client_id:
            raise Refused(NOT_PROVEN, reason="the token was made for another client too")
        return claims


def together(told: dict[str, Any], info: dict[str, Any]) -> dict[str, Any]:
    """The ID token's claims and userinfo's. An e-mail is verified by the word of the one that names it alone."""
    if "email" in info:
        told = {name: value for name, value in told.items() if name != "email_verified"}
    return told | info


@contextmanager
def _judged() -> Iterator[None]:
    """Whatever goes wrong with the provider, as one of the two errors."""
    try:
        yield
    except requests.HTTPError as error:
        status = error.response.status_code if error.response is not None else 0
        if status >= 500:
            raise Unavailable(f"it answers {status}") from None
        raise Refused(NOT_TAKEN, reason=f"the code was answered {status}") from None
    except requests.RequestException as error:
        raise Unavailable(type(error).__name__) from None
    except (jwt.PyJWTError, SuspiciousOperation) as error:
        raise Refused(NOT_PROVEN, reason=f"ID token: {error}") from None
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Refused(NOT_PROVEN, reason=f"an answer of another shape ({type(error).__name__})") from None
