"""One customer pages on an afternoon with three engineers on call."""

from sandbox.scenarios.base import Scenario, Step

SCENARIO = Scenario(
    name="single-page",
    title="A single page",
    text="Northwind Robotics cannot push: Gitaly's disk is full. One page, one ticket, the whole procedure once. "
    "A colleague steps in when nobody does.",
    month=7,
    weekdays=(1, 2, 3),
    at="15:10",
    steps=(
        Step(
            5,
            "page",
            {
                "customer": "northwind",
                "subject": "Gitaly storage full, every push fails",
                "text": "For ten minutes every push has failed with 'no space left on device'.\n\n"
                "250 developers cannot work.",
                "attachment": "gitaly.log",
            },
            "first",
        ),
        Step(35, "customer_reply", {"ticket": "$first.ticket", "text": "Now cloning fails as well."}),
        Step(
            50,
            "slack_message",
            {
                "page": "$first.page",
                "by": "theo",
                "text": "I know that setup from last month. Happy to take notes on a call.",
            },
        ),
        Step(150, "acknowledge", {"page": "$first.page", "by": "theo", "channel": "mobile"}, only="ringing"),
        Step(
            240,
            "macro",
            {"ticket": "$first.ticket", "macro": "General::Emergency::Strict Definition", "by": "theo"},
            only="unanswered",
        ),
        Step(300, "customer_reply", {"ticket": "$first.ticket", "text": "Thank you. We have joined the bridge."}),
        Step(
            315,
            "slack_message",
            {
                "page": "$first.page",
                "by": "theo",
                "text": "Customer is on the call. Temporary packs of a failed gc fill the volume.",
            },
        ),
        Step(
            330,
            "internal_note",
            {
                "ticket": "$first.ticket",
                "by": "theo",
                "text": "Volume at 100 %, 310 GB of it in tmp_pack files. Removing the oldest first.",
            },
        ),
        Step(
            420,
            "note",
            {"page": "$first.page", "by": "theo", "text": "Space is coming back, pushes work in two of three groups."},
        ),
        Step(480, "customer_reply", {"ticket": "$first.ticket", "text": "Pushes work again everywhere!"}),
        Step(
            540,
            "slack_message",
            {"page": "$first.page", "by": "paul", "text": "Thanks all. I will follow up with them tomorrow."},
        ),
    ),
)
