"""One customer pages on a quiet afternoon and gets well served."""

from sandbox.scenarios.base import Scenario, Step

SCENARIO = Scenario(
    name="single-page",
    title="A single page",
    text="Gitaly's disk is full at Northwind Robotics. One page, one ticket, one engineer: the whole procedure once.",
    month=7,
    weekdays=(1, 2, 3),
    at="15:10",
    steps=(
        Step(5, "page", {"customer": "northwind", "subject": "Gitaly storage full, pushes fail",
                         "text": "Since ten minutes every push fails with 'no space left on device'. 250 developers "
                                 "cannot work.", "attachment": "gitaly.log"}, "first"),
    ),
)
