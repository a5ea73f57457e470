"""An evening for US Government support: one customer may page now, one may not, of one it is not known."""

from sandbox.scenarios.base import Scenario, Step

SCENARIO = Scenario(
    name="us-gov-off-hours",
    title="US Government, off hours",
    text="19:30 Pacific. A customer with 12x5 pages and is told of the choices; one with 24x7 pages and is served; "
    "a third comes over a service that nobody has mapped. Only cleared people see any of it.",
    month=1,
    weekdays=(0, 1, 2, 3),
    at="22:30",
    steps=(
        Step(
            6,
            "page",
            {
                "customer": "granite",
                "subject": "Cannot reach the instance from two offices",
                "text": "Two of our five offices time out since this evening.",
            },
            "deferred",
        ),
        Step(
            9,
            "automatic_comment",
            {
                "ticket": "$deferred.ticket",
                "account": "us_gov",
                "rule": "Off hours emergency request",
                "text": "Your package covers business hours. You may open a case in Global support, where staff are "
                "not all US citizens, or wait until 05:00 Pacific.",
            },
        ),
        Step(
            11,
            "slack_message",
            {
                "channel": "spt_us-government",
                "bot": "zendesk",
                "text": "Off hours request by a 12x5 customer: follow-up is due at 05:00 Pacific.",
            },
        ),
        Step(
            70,
            "page",
            {
                "customer": "meridian",
                "subject": "All pipelines stopped, patch window tonight",
                "text": "No pipeline starts. We must ship a patch to harbour radar before 04:00 Eastern.",
            },
            "ringing",
        ),
        Step(130, "acknowledge", {"page": "$ringing.page", "by": "dana", "channel": "mobile"}, only="ringing"),
        Step(
            150,
            "slack_message",
            {"page": "$ringing.page", "by": "dana", "text": "On it, starting with Sidekiq's queues."},
        ),
        Step(
            200,
            "macro",
            {
                "ticket": "$ringing.ticket",
                "account": "us_gov",
                "by": "dana",
                "macro": "General::Emergency::Strict Definition",
            },
            only="unanswered",
        ),
        Step(
            240,
            "page",
            {
                "customer": "prairie",
                "subject": "Backup job failed twice",
                "service": "Unsorted",
                "link": "details",
                "text": "The nightly backup stops at uploads. Is our data safe?",
            },
            "unmapped",
        ),
        Step(
            290,
            "customer_reply",
            {
                "ticket": "$ringing.ticket",
                "account": "us_gov",
                "text": "The queue 'pipeline_processing' holds 18,000 jobs.",
            },
        ),
        Step(
            350,
            "internal_note",
            {
                "ticket": "$ringing.ticket",
                "account": "us_gov",
                "by": "dana",
                "text": "One Sidekiq node lost Redis after a firewall change.",
            },
        ),
        Step(
            420,
            "customer_reply",
            {"ticket": "$deferred.ticket", "account": "us_gov", "text": "We will wait until the morning."},
        ),
        Step(
            480, "customer_reply", {"ticket": "$ringing.ticket", "account": "us_gov", "text": "It drains! Thank you."}
        ),
    ),
)
