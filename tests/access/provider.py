"""A real OpenID provider on loopback (oidc-provider-mock) that also proves the code's verifier, and lies when told to.

with running() as provider:
    provider.knows("mira", email="mira@example.com", groups=["support-engineers"])
    provider.lies = other_nonce            # what it tells of the next ID tokens
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import jwt
import oidc_provider_mock
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

from ceoc.access.oidc.config import Config
from ceoc.env import Secret

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # HTTP, on this machine only

CLIENT = "ceoc"
GOV_GROUP = "us-gov-cleared"
ROLES = {
    "support-admins": "administrator",
    "support-managers": "manager",
    "support-engineers": "engineer",
    "support-shadows": "shadow",
}

MIRA = "mira@example.com"
ENGINEERS = ["support-engineers", "everybody"]

Claims = dict[str, Any]
STRANGERS_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """The provider as tests steer it."""

    address: str
    lies: Callable[[Claims], Claims | None] | None = None
    """Changes the claims of ID tokens before they are signed; None signs nothing new."""
    signs_with: Any = None
    """Another key than its own."""
    broken: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Paths that are answered so instead."""
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for, in order."""
    challenges: dict[str, str] = field(default_factory=dict)
    """By code, what its verifier must hash to."""

    def knows(self, sub: str, **claims: object) -> None:
        """Somebody with an account there; the e-mail is verified unless it is said otherwise."""
        told = {"email_verified": True} | claims
        requests.put(f"{self.address}/users/{sub}", json=told, timeout=10).raise_for_status()

    def config(self, **other: object) -> Config:
        """The dashboard's settings for it."""
        given = {
            "issuer": self.address, "client_id": CLIENT, "secret": Secret("a client's secret"), "roles": ROLES,
            "us_gov_group": GOV_GROUP, "name": "Example ID",
        } | other  # fmt: skip
        return Config(**given)

    def let_in(self, address: str, sub: str) -> str:
        """Signs in at the provider, as a person does there; where it sends the browser back to."""
        answer = requests.post(address, data={"sub": sub}, allow_redirects=False, timeout=10)
        return answer.headers["Location"]


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, on a port of its own, until the end of the block."""
    app = oidc_provider_mock.app()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    app.before_request(lambda: _before(provider))
    app.after_request(lambda response: _after(provider, response))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _before(provider: Provider) -> flask.Response | None:
    request = flask.request
    provider.asked.append(request.path)
    if request.path in provider.broken:
        status, body = provider.broken[request.path]
        return flask.Response(body, status, content_type="application/json")
    if request.path == "/oauth2/token":
        hashed = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(hashed).decode().rstrip("=")
        if provider.challenges.get(request.form.get("code", "")) != shown:
            return flask.Response('{"error": "invalid_grant"}', 400, content_type="application/json")
    return None


def _after(provider: Provider, response: flask.Response) -> flask.Response:
    request = flask.request
    if request.path == "/oauth2/authorize" and (
        code := parse_qs(urlsplit(response.headers.get("Location", "")).query).get("code")
    ):
        assert request.args["code_challenge_method"] == "S256"
        provider.challenges[code[0]] = request.args["code_challenge"]
    if request.path == "/oauth2/token" and response.status_code == 200 and (provider.lies or provider.signs_with):
        told = response.get_json()
        response.set_data(flask.json.dumps(told | {"id_token": _retold(provider, told["id_token"])}))
    return response


def _retold(provider: Provider, token: str) -> str:
    """The token with other claims, or signed with another key; like the provider's own it names none."""
    claims = jwt.decode(token, options={"verify_signature": False})
    header = jwt.get_unverified_header(token)
    own: RSAKey = flask.g.oidc_provider_mock_storage.jwk
    changed = provider.lies(claims) if provider.lies else claims
    key = provider.signs_with or own.as_pem(is_private=True)
    return jwt.encode(changed or claims, key, algorithm=header["alg"])


def state_of(address: str) -> str:
    """The state in an address of the provider, or in one that it sends back to."""
    found = re.search(r"[?&]state=([^&]+)", address)
    assert found
    return found[1]


def go(client: Client, wanted: str = "/") -> str:
    """Presses the button of the sign-in page; where the browser is sent."""
    return client.get("/sign-in/provider/", {"next": wanted}).headers["Location"]


def come_back(client: Client, provider: Provider, sub: str = "mira", wanted: str = "/") -> Any:
    """The whole way: to the provider, in, and back."""
    return client.get(provider.let_in(go(client, wanted), sub))


def is_signed_in(client: Client) -> bool:
    """Whether the board opens."""
    return client.get("/").status_code == 200
