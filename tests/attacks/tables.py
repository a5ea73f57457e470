"""A checksum of every table, so that a test can say that nothing changed, whatever is added to the product later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

OWN = {
    "django_session": "one's own session begins, slides and ends",
    "access_accesslog": "who was refused, and who came and went, is audited",
}
"""Tables that may change under attack: what is one's own there, and what is kept of the attack itself."""


def checksums() -> dict[str, str]:
    """A digest of the rows of each table but those of one's own. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name"
        )
        tables = [name for (name,) in cursor.fetchall() if name not in OWN]
        cursor.execute(" UNION ALL ".join(map(_digest, tables)))
        return dict(cursor.fetchall())


def _digest(table: str) -> str:
    rows = r"md5(coalesce(string_agg(one::text, E'\n' ORDER BY one::text), ''))"
    return f"""SELECT '{table}', {rows} FROM "{table}" one"""


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Fails when any table is otherwise afterwards."""
    before = checksums()
    yield
    changed = [table for table, digest in checksums().items() if before.get(table) != digest]
    assert not changed, f"changed: {', '.join(changed)}"
