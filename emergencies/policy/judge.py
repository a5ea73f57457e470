"""`judge`: stage, owed acts, lateness and warnings of a story at a time, and the next moment at which they would
differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from emergencies.policy.judgement import Judgement, Owed
from emergencies.policy.owed import owed
from emergencies.policy.stage import ended, stage
from emergencies.policy.thresholds import THRESHOLDS, Standing
from emergencies.policy.warnings import Held, warnings
from emergencies.story.story import Story


def judge(story: Story, now: datetime, settings: Standing = THRESHOLDS) -> Judgement:
    """What is so at `now`. Nothing here reads a clock or a roster; the roster's part comes with dispatch, at
    reading. Each clock is judged by the settings that were valid when it started."""
    end = ended(story)
    acts = owed(story, end, settings)
    held = warnings(story, settings)
    return Judgement(
        stage=stage(story, end, survives=any(act.survives for act in acts)),
        ended=end,
        owed=acts,
        late=tuple(act.kind for act in acts if act.late(now)),
        warnings=tuple(warning for warning, since in held if since is None or since <= now),
        changes_at=next_moment(moments(acts, held), now),
    )


def moments(acts: Iterable[Owed], held: Held) -> list[datetime]:
    """Every instant at which the answer turns, whatever the present one is."""
    turns = [instant for act in acts for instant in (act.opens_at, act.due_at) if instant]
    return sorted([*turns, *(since for _, since in held if since)])


def next_moment(turns: Iterable[datetime], now: datetime) -> datetime | None:
    """The first of the instants that is strictly later than `now`."""
    return next((turn for turn in turns if turn > now), None)
