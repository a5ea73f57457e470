"""Keeps what the search looks through: customer, ids, people and what was said, as one weighted vector per
emergency."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from emergencies import models
from emergencies.story.entries import Entry, Ref
from emergencies.story.story import Story

LONGEST = 200_000
"""Characters of text that one emergency's vector takes; PostgreSQL's limit is a megabyte of lexemes."""


def index(emergency: models.Emergency, story: Story, entries: Sequence[Entry]) -> None:
    """Writes the vector anew. Two queries."""
    texts = models.Text.objects.filter(key__in=[entry.key for entry in entries]).order_by("key")
    said = "\n".join(f"{title}\n{body}" for title, body in texts.values_list("title", "body"))[:LONGEST]
    people = {entry.actor for entry in entries if "@" in entry.actor}
    ids = [Ref.parse(key).ref for key in (*story.pages, *story.tickets)]
    names = " ".join([emergency.customer_name, emergency.title, *ids])
    vector = (
        SearchVector(Value(names), config="simple", weight="A")
        + SearchVector(Value(" ".join(sorted(people))), config="simple", weight="B")
        + SearchVector(Value(said), config="simple", weight="C")
        + SearchVector(Value(said), config="english", weight="D")
    )
    defaults = {"vector": vector, "klass": emergency.klass}
    models.SearchText.objects.update_or_create(emergency=emergency, defaults=defaults)
