"""Two customers page while AMER 1 is alone: the second is the Support Manager's to place."""

from sandbox.scenarios.base import Scenario, Step

SCENARIO = Scenario(
    name="two-at-once",
    title="Two at once, one engineer",
    text="20 minutes into AMER 1's first hour, Mira is the only one on call. Halcyon Freight pages; while it is "
    "worked, Tidewater Analytics pages too.",
    month=7,
    weekdays=(0, 1, 2, 3, 4),
    at="12:20",
    steps=(
        Step(
            6,
            "page",
            {
                "customer": "halcyon",
                "subject": "Database primary lost, instance read-only",
                "text": "Patroni promoted nobody. Everything is read-only, 1,200 people are waiting.",
            },
            "first",
        ),
        Step(40, "acknowledge", {"page": "$first.page", "by": "mira", "channel": "mobile"}, only="ringing"),
        Step(
            45, "slack_message", {"page": "$first.page", "by": "mira", "text": "On it. Asking for the cluster's state."}
        ),
        Step(
            80,
            "page",
            {
                "customer": "tidewater",
                "subject": "Nobody in our group can sign in",
                "text": "SAML answers with an error since a few minutes. All 80 of us are locked out of GitLab.com.",
                "link": "details",
            },
            "second",
        ),
        Step(
            110,
            "macro",
            {"ticket": "$first.ticket", "macro": "General::Emergency::Strict Definition", "by": "mira"},
            only="unanswered",
        ),
        Step(
            150,
            "customer_reply",
            {"ticket": "$first.ticket", "text": "We are on the bridge, three of our engineers too."},
        ),
        Step(
            170,
            "slack_message",
            {
                "channel": "support_managers",
                "by": "ines",
                "text": "Second page in AMER, Mira is busy. Who is free? @support-team-americas",
            },
        ),
        Step(
            200,
            "slack_message",
            {"channel": "support_team-chat", "by": "theo", "text": "I can take it, my shift starts at one anyway."},
        ),
        Step(260, "acknowledge", {"page": "$second.page", "by": "theo", "channel": "slack"}, only="ringing"),
        Step(
            320,
            "agent_reply",
            {
                "ticket": "$second.ticket",
                "by": "theo",
                "status": "pending",
                "text": "Hello, this is Theo. We treat it as an emergency. Did your identity provider "
                "renew its certificate today?",
            },
            only="unanswered",
        ),
        Step(380, "customer_reply", {"ticket": "$second.ticket", "text": "Yes, at noon! That must be it."}),
        Step(
            430,
            "customer_reply",
            {"ticket": "$first.ticket", "text": "The replica is 40 seconds behind. May we promote it?"},
        ),
        Step(
            460,
            "internal_note",
            {"ticket": "$second.ticket", "by": "theo", "text": "Old fingerprint still in the group's SAML settings."},
        ),
        Step(
            520,
            "slack_message",
            {"page": "$first.page", "by": "mira", "text": "Promoting the replica with the customer now."},
        ),
    ),
)
