"""A server that behaves oddly, one that behaves, and doors to both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sandbox_process import SandboxProcess, running_sandbox
from tests.vendors.odd_server import OddServer, odd_server


@pytest.fixture
def server() -> Iterator[OddServer]:
    with odd_server() as server:
        yield server


@pytest.fixture(scope="package")
def box() -> Iterator[SandboxProcess]:
    with running_sandbox() as box:
        yield box
