"""An afternoon without a page: one emergency of the morning is over, some ordinary mail comes in."""

from sandbox.scenarios.base import Scenario, Step

HOUR = 3600

SCENARIO = Scenario(
    name="quiet-day",
    title="A quiet day",
    text="Nothing rings. One emergency of the morning is closed, older tickets get mail, colleagues chat.",
    month=7,
    weekdays=(0, 1, 2, 3),
    at="16:05",
    steps=(
        Step(
            -3.5 * HOUR,
            "page",
            {
                "customer": "cinder",
                "subject": "Web interface answers 500 after upgrade",
                "text": "We upgraded an hour ago. Every page answers 500, Git over SSH too.",
            },
            "morning",
        ),
        Step(-3.46 * HOUR, "acknowledge", {"page": "$morning.page", "by": "mira", "channel": "mobile"}),
        Step(
            -3.44 * HOUR, "slack_message", {"page": "$morning.page", "by": "mira", "text": "Looking at the migration."}
        ),
        Step(
            -3.4 * HOUR,
            "macro",
            {"ticket": "$morning.ticket", "macro": "General::Emergency::Strict Definition", "by": "mira"},
        ),
        Step(-3.39 * HOUR, "resolve", {"page": "$morning.page", "by": "mira"}),
        Step(-3.2 * HOUR, "customer_reply", {"ticket": "$morning.ticket", "text": "We are in the call."}),
        Step(
            -2.5 * HOUR,
            "macro",
            {"ticket": "$morning.ticket", "by": "mira", "macro": "Support::Customer Calls::Call Completed - Summary"},
        ),
        Step(-2.4 * HOUR, "customer_reply", {"ticket": "$morning.ticket", "text": "All is well again, thank you!"}),
        Step(-2.3 * HOUR, "change_ticket", {"ticket": "$morning.ticket", "status": "solved", "by": "mira"}),
        Step(
            -20 * HOUR,
            "new_ticket",
            {
                "customer": "fjord",
                "subject": "Question about merge trains",
                "priority": "normal",
                "form": "SaaS",
                "text": "Can two merge trains run side by side in one project?",
            },
            "question",
        ),
        Step(
            -18 * HOUR,
            "agent_reply",
            {
                "ticket": "$question.ticket",
                "by": "ravi",
                "status": "pending",
                "text": "Not in one project. What would you like to reach with it?",
            },
        ),
        Step(
            -5 * HOUR,
            "new_ticket",
            {
                "customer": "banksia",
                "subject": "LDAP group sync is slow",
                "priority": "high",
                "form": "Self-Managed",
                "text": "Since last week the sync takes four hours instead of one.",
            },
            "sync",
        ),
        Step(
            8,
            "customer_reply",
            {"ticket": "$question.ticket", "text": "Two teams share the project and wait for each other."},
        ),
        Step(25, "slack_message", {"channel": "support_team-chat", "by": "lena", "text": "Quiet so far. Coffee?"}),
        Step(
            60,
            "internal_note",
            {
                "ticket": "$sync.ticket",
                "by": "theo",
                "text": "Looks like nested groups are read one by one. Asked for the log.",
            },
        ),
        Step(
            100,
            "agent_reply",
            {
                "ticket": "$sync.ticket",
                "by": "theo",
                "status": "pending",
                "text": "Please send us the log of one whole sync.",
            },
        ),
        Step(
            180,
            "slack_message",
            {
                "channel": "support_team-chat",
                "by": "ines",
                "text": "Thanks for the clean hand-over this morning, Mira.",
            },
        ),
        Step(
            240,
            "customer_reply",
            {"ticket": "$sync.ticket", "text": "Here it is: 4 h 12 min, most of it in one group."},
        ),
    ),
)
