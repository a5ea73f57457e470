"""One cast for all tests: the demo's personas as people, as viewers and as signed-in clients, and a stranger.

Loaded for every test by tests/conftest.py. A test asks for `engineer`, `second`, `manager`, `shadow`, `cleared`,
`admin` or `stranger` and gets a client; or for `client_of`, `viewer_of_role`, `person_of` and names who it wants.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from ceoc import clock
from ceoc.access import backend
from ceoc.access.models import Person
from ceoc.access.viewer import Viewer, viewer_of
from ceoc.demo import people, shared_clock
from ceoc.team import store

CAST = {one.email.partition("@")[0]: one for one in people.PERSONAS}
"""engineer, second, manager, shadow, cleared, admin."""


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    """The clock of tests is the wall's (freeze it with time-machine), so that reading it makes no query."""
    clock.read_from(clock.real_line)
    yield
    clock.read_from(clock.real_line)


@pytest.fixture(autouse=True)
def settings_of_the_procedure() -> Iterator[None]:
    """Tests begin with the settings' defaults, known, so that reading them makes no query until one is changed."""
    store.remember([], math.inf)
    yield
    store.forget()


@pytest.fixture
def demo_time(db: None) -> Iterator[None]:
    """The demo's shared clock, as the demo reads it."""
    shared_clock.forget()
    clock.read_from(shared_clock.read)
    yield
    shared_clock.forget()


@pytest.fixture
def person_of(db: None) -> Callable[[str], Person]:
    """The person of a name of the cast; made when first asked for."""
    return lambda name: people.settle(CAST[name])


@pytest.fixture
def viewer_of_role(person_of: Callable[[str], Person]) -> Callable[[str], Viewer]:
    """The viewer of a name of the cast."""
    return lambda name: viewer_of(person_of(name))


@pytest.fixture
def client_of(person_of: Callable[[str], Person]) -> Callable[[str], Client]:
    """A client that is signed in as that name of the cast; as nobody for `stranger`."""

    def signed_in(name: str) -> Client:
        client = Client()
        if name != "stranger":
            client.force_login(person_of(name), backend=backend.PATH)
        return client

    return signed_in


@pytest.fixture
def engineer(client_of: Callable[[str], Client]) -> Client:
    """Mira Okafor."""
    return client_of("engineer")


@pytest.fixture
def second(client_of: Callable[[str], Client]) -> Client:
    """Theo Lindqvist, another engineer."""
    return client_of("second")


@pytest.fixture
def manager(client_of: Callable[[str], Client]) -> Client:
    """Ines Calder, Support Manager."""
    return client_of("manager")


@pytest.fixture
def shadow(client_of: Callable[[str], Client]) -> Client:
    """Ayo Bright, who watches."""
    return client_of("shadow")


@pytest.fixture
def cleared(client_of: Callable[[str], Client]) -> Client:
    """Sam Whitford, cleared for US Government."""
    return client_of("cleared")


@pytest.fixture
def admin(client_of: Callable[[str], Client]) -> Client:
    """Noor Haddad, administrator and cleared."""
    return client_of("admin")


@pytest.fixture
def stranger(client_of: Callable[[str], Client]) -> Client:
    """Nobody we know."""
    return client_of("stranger")
