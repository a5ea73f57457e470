"""Empties the timeline, for a demo that starts over; nothing else ever deletes from it."""

from __future__ import annotations

from django.db import connection

from emergencies import models

TABLES = (
    models.Draft,
    models.Look,
    models.SearchText,
    models.JudgementLog,
    models.Text,
    models.Entry,
    models.Sighting,
    models.Link,
    models.Subject,
    models.Emergency,
)


def empty() -> None:
    """Truncates every table of the emergencies in one statement, which waits for whoever is writing."""
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in TABLES)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")
