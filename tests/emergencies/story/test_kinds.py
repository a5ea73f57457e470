"""Entry kinds as they were ever written can be read for ever."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from emergencies.story import kinds as k
from emergencies.story.entries import Ref

KEPT = json.loads((Path(__file__).parent / "kept_entries.json").read_text())
"""One entry of every kind in every version that was ever written, with all its fields. Lines are added, never
changed."""


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: f"{kept['kind']} v{kept['version']}")
def test_every_version_ever_written_can_be_read(kept):
    fact = k.read(kept["kind"], kept["version"], kept["data"])
    assert fact.kind == kept["kind"]
    assert fact.version >= kept["version"]
    assert k.read(fact.kind, fact.version, msgspec.json.decode(msgspec.json.encode(k.write(fact)))) == fact
    told = {name: value for name, value in msgspec.structs.asdict(fact).items() if value != getattr(type(fact)(), name)}
    assert fact.version != kept["version"] or set(told) >= {
        name for name, value in kept["data"].items() if value is not True
    }


def test_every_kind_in_its_present_version_is_among_what_is_kept():
    assert {(kept["kind"], kept["version"]) for kept in KEPT} >= {(kind, cls.version) for kind, cls in k.KINDS.items()}


def test_each_older_version_has_a_way_up():
    steps = {(kind, version) for kind, cls in k.KINDS.items() for version in range(1, cls.version)}
    assert set(k.UPCASTERS) == steps


def test_a_kind_or_version_of_a_newer_release_is_kept_and_shown_by_its_word():
    assert k.read("customer_sang", 1, {"song": "x"}) == k.Unknown(word="customer_sang")
    assert k.read("page_acknowledged", 99, {}) == k.Unknown(word="page_acknowledged")


def test_fields_that_this_release_does_not_know_do_no_harm():
    assert k.read("page_acknowledged", 1, {"by_manager": True, "mood": "calm"}) == k.PageAcknowledged(by_manager=True)


@pytest.mark.parametrize(
    "key", ["page:Q2K7", "ticket:us_gov:77", "thread:C01:1716.2", "customer:global:org-55", "person:a@b.example"]
)
def test_a_subjects_key_names_it_both_ways(key):
    assert Ref.parse(key).key == key


def test_no_fact_has_a_field_for_text_that_people_wrote():
    names = {field.name for cls in k.KINDS.values() for field in msgspec.structs.fields(cls)}
    assert names & {"text", "body", "message_text", "title_text", "content", "html_body"} == set()
