"""When the US Gov business hours begin again: 05:00 by Pacific clocks, also in the nights when those change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from emergencies.policy.business_hours import follow_up_from


@pytest.mark.rule("GOV-1", "GOV-5")
@pytest.mark.parametrize(("made", "begins"), [
    pytest.param("2026-07-01 11:59:59", "2026-07-01 12:00", id="a second before 05:00: the same morning"),
    pytest.param("2026-07-01 12:00:00", "2026-07-02 12:00", id="05:00 sharp: the next morning"),
    pytest.param("2026-07-02 03:00:00", "2026-07-02 12:00", id="in the evening: the next morning"),
    pytest.param("2026-01-02 06:00:00", "2026-01-02 13:00", id="in winter 05:00 is 13:00 UTC"),
    pytest.param("2026-03-08 06:00:00", "2026-03-08 12:00", id="the night in which clocks go forward"),
    pytest.param("2026-11-01 06:00:00", "2026-11-01 13:00", id="the night in which clocks go back"),
    pytest.param("2026-11-01 09:30:00", "2026-11-01 13:00", id="in the hour that comes twice"),
])  # fmt: skip
def test_the_next_business_hours(made, begins):
    assert follow_up_from(datetime.fromisoformat(made).replace(tzinfo=UTC)) == datetime.fromisoformat(begins).replace(
        tzinfo=UTC
    )
