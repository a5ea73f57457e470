"""Saturday morning in Singapore: one engineer, a second page, and the backup pool that only a manager rings."""

from sandbox.scenarios.base import Scenario, Step

SCENARIO = Scenario(
    name="apac-weekend",
    title="A weekend in APAC",
    text="Kenji is alone on a Saturday morning in Singapore (Friday evening in New York). A second page comes while he "
    "works: it is escalated, and the manager may ring the backup pool.",
    month=1,
    weekdays=(4,),
    at="21:30",
    steps=(
        Step(
            6,
            "page",
            {
                "customer": "sakura",
                "subject": "Instance down after power cut",
                "text": "Power came back, GitLab does not. PostgreSQL stops right after its start.",
            },
            "first",
        ),
        Step(40, "acknowledge", {"page": "$first.page", "by": "kenji", "channel": "mobile"}, only="ringing"),
        Step(70, "slack_message", {"page": "$first.page", "by": "kenji", "text": "Taking this one."}),
        Step(
            100,
            "macro",
            {"ticket": "$first.ticket", "macro": "General::Emergency::Strict Definition", "by": "kenji"},
            only="unanswered",
        ),
        Step(
            120,
            "page",
            {
                "customer": "banksia",
                "subject": "Runners refuse all jobs, release blocked",
                "text": "No job has started for 25 minutes. Tonight's release of the grid control waits.",
            },
            "second",
        ),
        Step(180, "customer_reply", {"ticket": "$first.ticket", "text": "The log says: invalid checkpoint record."}),
        Step(210, "escalate", {"page": "$second.page", "by": "kenji", "channel": "mobile"}, only="ringing"),
        Step(
            225,
            "slack_message",
            {
                "page": "$second.page",
                "by": "kenji",
                "text": "I am on a call with another customer, escalated to the manager.",
            },
        ),
        Step(
            300, "delegate", {"page": "$second.page", "policy": "APAC Backup Engineers", "by": "ines"}, only="ringing"
        ),
        Step(380, "acknowledge", {"page": "$second.page", "by": "arjun", "channel": "mobile"}, only="ringing"),
        Step(
            430,
            "agent_reply",
            {
                "ticket": "$second.ticket",
                "by": "arjun",
                "status": "pending",
                "text": "Hello, Arjun here. Does the runners' page show them as online?",
            },
            only="unanswered",
        ),
        Step(
            480,
            "customer_reply",
            {"ticket": "$second.ticket", "text": "All of them 'never contacted' since the upgrade."},
        ),
        Step(540, "note", {"page": "$first.page", "by": "kenji", "text": "Restoring from last night's base backup."}),
    ),
)
