"""What tests of access share: a real OpenID provider, and an administrator who is not cleared."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from ceoc.access.models import Person
from ceoc.access.oidc import known
from tests.access.provider import ENGINEERS, MIRA, Provider, running


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    """One provider for a file's tests."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(started, settings) -> Iterator[Provider]:
    """The provider, honest and well, with Mira; the dashboard uses it."""
    started.lies = started.signs_with = None
    started.broken, started.asked = {}, []
    started.knows("mira", email=MIRA, name="Mira Okafor", groups=ENGINEERS, zoneinfo="America/New_York")
    settings.DEMO, settings.OIDC = False, started.config()
    known.forget()
    yield started
    known.forget()


@pytest.fixture
def boss(db: None) -> Client:
    """An administrator who is not cleared."""
    client = Client()
    client.force_login(Person.objects.welcome("boss@demo.example", name="Una Cleared", role="administrator"))
    return client
