"""Fold, judgement and projection of a timeline of 200 entries, against reading the same entries from JSON."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from emergencies.policy.judge import judge
from emergencies.policy.thresholds import THRESHOLDS
from emergencies.story import kinds as k
from emergencies.story.fold import fold
from emergencies.timeline.project import columns
from tests.bench.measure import median_ms, tell
from tests.emergencies.telling import CUSTOMER, DANA, MIRA, TICKET, acknowledged, clock, created, rings, told

ROUNDS = 200


def run() -> None:
    """Prints the figure."""
    began = clock("16:20")
    entries = [rings("16:20"), created("16:20"), told(CUSTOMER, k.CustomerRead(name="Northwind"), "16:00")]
    entries.append(acknowledged("16:21"))
    for n in range(len(entries), 200):
        fact, by = (k.PublicReply(comment=str(n)), MIRA) if n % 2 else (k.CustomerReply(comment=str(n)), DANA)
        at = (began + timedelta(minutes=2, seconds=20 * n)).strftime("%H:%M:%S")
        entries.append(told(TICKET, fact, at, by))
    rows = msgspec.json.encode([(entry.fact.kind, entry.fact.version, k.write(entry.fact)) for entry in entries])
    now = clock("18:00")
    story = fold("k3v9aaaabbbb", entries, "global")
    judgement = judge(story, now, THRESHOLDS)
    reading = median_ms(lambda: [k.read(*row) for row in msgspec.json.decode(rows)], ROUNDS)
    figures = {
        "fold": median_ms(lambda: fold("k3v9aaaabbbb", entries, "global"), ROUNDS),
        "judge": median_ms(lambda: judge(story, now, THRESHOLDS), ROUNDS),
        "project": median_ms(lambda: columns(story, judgement, "Gitaly storage full", now), ROUNDS),
    }
    for name, took in figures.items():
        tell(f"{name} of {len(entries)} entries", ms=took, reference="decoding the entries", ratio=took / reading)
