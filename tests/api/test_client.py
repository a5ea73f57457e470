"""A client that is generated from the published document lists, reads and acts over real HTTP."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ceoc.api import openapi
from ceoc.outbox.models import Command
from emergencies.models import Entry
from tests import cast
from tests.api.conftest import token_for
from tests.browser.conftest import let_the_server_finish, running_server
from tests.emergencies.world import Trouble

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = """
import sys
from ceoc_client import AuthenticatedClient
from ceoc_client.api.acts import act_acknowledge, act_note, act_resolve
from ceoc_client.api.emergencies import get_emergency, list_emergencies
from ceoc_client.models import Note, OnPage, Resolve

address, token = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token)
first = list_emergencies.sync(client=client, open_=True).results[0]
one = get_emergency.sync(first.id, client=client)
print(one.customer.name, one.stage, one.pages[0].id, one.class_)
print(act_note.sync_detailed(one.id, client=client, body=Note(text="Written by a program")).status_code)
print(act_acknowledge.sync_detailed(one.id, client=client, body=OnPage()).status_code)
refused = act_resolve.sync(one.id, client=client, body=Resolve(page=one.pages[0].id))
print(refused.status, refused.detail[:39])
"""


@pytest.fixture
def stopped() -> None:
    """The server's clock is its own: nothing stands still here."""


def generate(folder: Path) -> str:
    """Generates the package `ceoc_client`; what the generator complained about."""
    (folder / "openapi.json").write_bytes(openapi.published().text)
    (folder / "config.yaml").write_text("post_hooks: []\n", encoding="utf-8")
    done = subprocess.run(
        [
            Path(sys.executable).with_name("openapi-python-client"), "generate", "--path", "openapi.json",
            "--output-path", "ceoc_client", "--meta", "none", "--config", "config.yaml",
        ],
        cwd=folder, capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip
    return "\n".join(re.findall("WARNING.*|Unable.*", done.stdout + done.stderr))


def test_a_generated_client_works(tmp_path: Path) -> None:
    assert generate(tmp_path) == ""
    token = token_for(cast.people.settle(cast.CAST["engineer"]))
    trouble = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
    with running_server() as (address, _process):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, address, token], cwd=tmp_path, capture_output=True, text=True, timeout=60,
            env={**os.environ, "PYTHONPATH": str(tmp_path)}, check=False,
        )  # fmt: skip
        let_the_server_finish()

    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines() == [
        "Halden Bank ringing Q00001 global", "200", "202", "409 Nobody has written to the customer yet.",
    ]  # fmt: skip
    assert Command.objects.get().object == trouble.page.key
    assert Entry.objects.filter(kind="note", actor="engineer@demo.example").exists()


def test_every_shape_has_a_plain_name() -> None:
    """Two of one name would get the names of their modules, which generators do not like."""
    shapes = openapi.document()["components"]["schemas"]
    assert [name for name in shapes if not name.isalpha()] == []
