"""An incident on GitLab.com: forty customers page within three minutes, and two have quite another trouble."""

from sandbox.scenarios.base import Scenario, Step
from sandbox.world.customers import MANY

SUBJECTS = (
    "GitLab.com answers 502",
    "Cannot push to GitLab.com",
    "Pipelines are stuck",
    "Web IDE does not load",
    "Is GitLab.com down?",
    "Deploys fail, API answers 503",
    "Nobody can work: GitLab.com very slow",
    "Git clone times out",
)
TEXTS = (
    "Since a few minutes almost every page answers 502.",
    "Our whole team is blocked. The status page shows nothing.",
    "Pushes hang and then fail. Is it you or us?",
    "All our deploys stand still.",
)
EVERY = 4.0


def _related(number: int) -> Step:
    """The page of one of the many, the first after six seconds."""
    customer = MANY[number]
    link = ("everywhere", "details", "everywhere", "body")[number % 4]
    return Step(
        6 + EVERY * number,
        "page",
        {
            "customer": customer.key,
            "subject": SUBJECTS[number % len(SUBJECTS)],
            "text": TEXTS[number % len(TEXTS)],
            "link": link,
        },
        f"many{number}",
    )


SCENARIO = Scenario(
    name="burst",
    title="A burst of forty pages",
    text="An incident on GitLab.com makes forty customers page within three minutes. Two pages among them "
    "have nothing to do with it.",
    month=7,
    weekdays=(1, 2, 3),
    at="14:40",
    steps=(
        *(_related(number) for number in range(40)),
        Step(
            48,
            "page",
            {
                "customer": "northwind",
                "subject": "Instance unreachable since certificate renewal",
                "text": "Our own instance: nginx does not start after we renewed the certificate.",
            },
            "unrelated1",
        ),
        Step(
            103,
            "page",
            {
                "customer": "lumen",
                "subject": "Token leaked, somebody deletes projects",
                "text": "A token of ours is public. Projects disappear while we watch. Please lock our group!",
            },
            "unrelated2",
        ),
        Step(
            30,
            "slack_message",
            {
                "channel": "incident-management",
                "by": "hugo",
                "text": "Incident 18231 declared: elevated errors on GitLab.com, web and API.",
            },
        ),
        Step(60, "acknowledge", {"page": "$many0.page", "by": "theo", "channel": "mobile"}, only="ringing"),
        Step(
            75,
            "slack_message",
            {
                "channel": "support_gitlab-com",
                "by": "theo",
                "text": "All of these look like incident 18231. Tag: incident-18231. Check each before you tag it.",
            },
        ),
        Step(120, "change_ticket", {"ticket": "$many0.ticket", "by": "theo", "add_tags": ["incident-18231"]}),
        Step(140, "acknowledge", {"page": "$unrelated1.page", "by": "lena", "channel": "mobile"}, only="ringing"),
        Step(
            190,
            "slack_message",
            {
                "channel": "incident-management",
                "by": "hugo",
                "text": "Cause found: a bad database index. Rolling back, status page updated.",
            },
        ),
        Step(220, "customer_reply", {"ticket": "$many3.ticket", "text": "Still down for us. Any news?"}),
        Step(
            260, "customer_reply", {"ticket": "$unrelated2.ticket", "text": "Twelve projects are gone. Please hurry."}
        ),
        Step(
            320,
            "slack_message",
            {"channel": "incident-management", "by": "hugo", "text": "Errors are back to normal, watching."},
        ),
        Step(360, "customer_reply", {"ticket": "$many7.ticket", "text": "It works again here, thanks."}),
    ),
)
