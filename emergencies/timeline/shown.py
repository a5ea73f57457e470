"""The judgement log: what people were shown, appended when it changed (architecture.md 2b, 'What was shown')."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from emergencies import models
from emergencies.policy.judgement import Judgement


def keep_shown(emergency: models.Emergency, judgement: Judgement, by: Literal["record", "tick"], now: datetime) -> bool:
    """Appends a line when stage, end, owed acts, their lateness or warnings differ from the last one. Whether it
    did."""
    line = _line(judgement, now)
    last = models.JudgementLog.objects.filter(emergency=emergency).order_by("-at", "-id").values(*line).first()
    if last == line:
        return False
    models.JudgementLog.objects.create(emergency=emergency, klass=emergency.klass, at=now, by=by, **line)
    return True


def _line(judgement: Judgement, now: datetime) -> dict[str, Any]:
    return {
        "stage": judgement.stage,
        "ended": judgement.ended or "",
        "owed": [[act.kind, act.about.key, act.open(now)] for act in judgement.owed],
        "late": list(judgement.late),
        "warnings": [[warning.kind, warning.about] for warning in judgement.warnings],
    }
