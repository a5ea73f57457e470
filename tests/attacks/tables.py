"""A checksum of every table, so that a test can say that nothing changed, whatever is added to the product later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection

from tests.attacks.attackers import TOKEN_NAME


class Own(NamedTuple):
    """What of a table may change under attack, and why."""

    rows: str
    """Which rows, in SQL."""
    why: str
    columns: tuple[str, ...] = ()
    """Which of their columns; with none, all of the row."""


OF_THE_SHADOW = "SELECT id FROM access_person WHERE email = 'shadow@demo.example'"
OF_ATTACKERS = "SELECT id FROM access_person WHERE email IN ('shadow@demo.example', 'engineer@demo.example')"

OWN = {
    "django_session": Own("true", "one's own session begins, slides and ends"),
    "access_accesslog": Own("true", "who was refused, and who came and went, is audited"),
    "access_attempts": Own("true", "how often a code was tried is counted"),
    "access_person": Own(f"id IN ({OF_THE_SHADOW})", "one chooses one's own zone, and reads", ("zone", "has_notices")),
    "access_notice": Own(f"person_id IN ({OF_THE_SHADOW})", "one has read one's own notices", ("seen_at",)),
    "access_apitoken": Own(
        f"name = '{TOKEN_NAME}' AND person_id IN ({OF_ATTACKERS})", "one makes, uses and revokes one's own tokens"
    ),
}
"""What may change: what is one's own there, and what is kept of the attack itself."""


def checksums() -> dict[str, str]:
    """A digest of the rows of each table but those of one's own. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(map(_digest, tables)))
        return dict(cursor.fetchall())


def _digest(table: str) -> str:
    own, row = OWN.get(table, Own("false", "nobody's")), "one::text"
    if own.columns:
        row = f"CASE WHEN {own.rows} THEN (to_jsonb(one) - ARRAY{list(own.columns)})::text ELSE one::text END"
    rows = rf"md5(coalesce(string_agg({row}, E'\n' ORDER BY {row}), ''))"
    return f"""SELECT '{table}', {rows} FROM "{table}" one WHERE {bool(own.columns)} OR NOT ({own.rows})"""


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fails when any table is otherwise afterwards."""
    before = checksums()
    yield
    changed = [table for table, digest in checksums().items() if before.get(table) != digest]
    assert not changed, f"changed: {', '.join(changed)}"
