"""`manage.py project --check`: proves that the projection equals a fresh fold; without it, mends what differs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from emergencies import models
from emergencies.story.fold import fold
from emergencies.timeline.project import differences, project
from emergencies.timeline.read import timelines
from emergencies.timeline.team import judged_by

BATCH = 200


class Command(BaseCommand):
    """Folds every emergency anew and compares, or mends, its projected columns."""

    help = "Compares every emergency's columns with a fresh fold of its timeline. Without --check it also mends them."

    def add_arguments(self, parser: CommandParser) -> None:
        """One flag."""
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where a column differs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints each difference, then a count."""
        ids = list(models.Emergency.objects.order_by("pk").values_list("pk", flat=True))
        wrong = sum(self._batch(ids[start : start + BATCH], options["check"]) for start in range(0, len(ids), BATCH))
        self.stdout.write(f"{len(ids)} emergencies folded, {wrong} differ.")
        if wrong and options["check"]:
            raise CommandError("The projection is not what the timelines say. Run `manage.py project` to mend it.")

    def _batch(self, ids: list[int], check: bool) -> int:
        with transaction.atomic():
            emergencies = list(models.Emergency.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
            judged_by(sure=True)
            told = timelines(emergencies)
            return sum(self._one(emergency, told[emergency.pk], check) for emergency in emergencies)

    def _one(self, emergency: models.Emergency, entries: list[Any], check: bool) -> bool:
        story = fold(emergency.public_id, entries, emergency.klass)
        found = differences(emergency, story, entries)
        for name, (stored, fresh) in sorted(found.items()):
            self.stdout.write(f"{emergency.public_id} {name}: stored {stored!r}, fresh {fresh!r}")
        if found and not check:
            project(emergency, story, entries, emergency.judged_at or emergency.began_at or emergency.last_at)
        return bool(found)
