"""What the board's search looks through."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from ceoc.access.classes import Classed
from emergencies.models.emergency import Emergency


class SearchText(Classed):
    """Customers, tickets, people and what was said, of one emergency, as one weighted vector (`simple` and
    `english`)."""

    emergency = models.OneToOneField(Emergency, on_delete=models.CASCADE, related_name="search")
    vector = SearchVectorField()

    class Meta:
        """Looked up by word and by prefix."""

        indexes = [GinIndex("vector", name="search_by_word")]

    def __str__(self) -> str:
        return f"search of {self.emergency_id}"
