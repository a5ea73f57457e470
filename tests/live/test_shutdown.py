"""A server process that is told to end lets its streams go, and ends."""

from __future__ import annotations

import pytest

from tests.browser.conftest import running_server
from tests.live.site import sign_in, wait_until
from tests.live.test_streams import Reader

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_server_that_is_told_to_end_sends_its_streams_elsewhere_and_ends():
    with running_server() as (address, process):
        reader = Reader(address, sign_in("mira@demo.example"), "board").until('"order"')
        process.terminate()
        reader.until("event: again")
        wait_until(lambda: process.poll() is not None)
