"""The team, as PagerDuty, Zendesk and Slack know it. All names are invented.

Not everybody is ready: Hugo has an e-mail in PagerDuty alone, Nadia no rule that rings, Grete no seat in Zendesk, Tane
no Slack, Agnes another address there; and Bram is known to the vendors alone.
"""

from dataclasses import dataclass, field

EVERYWHERE = ("global",)
BOTH = ("global", "us_gov")


@dataclass(frozen=True)
class Person:
    """One member of the team. `accounts`: the Zendesk accounts in which they are an agent; `ways`: how PagerDuty may
    reach them; `rung`: which of these a rule of high urgency uses."""

    key: str
    name: str
    zone: str
    title: str
    region: str
    email: str = ""
    accounts: tuple[str, ...] = EVERYWHERE
    pagerduty_role: str = "limited_user"
    groups: tuple[str, ...] = field(default=("Support Engineers",))
    ways: tuple[str, ...] = ("phone", "sms", "push", "email")
    rung: tuple[str, ...] = ("push", "phone")
    slack_email: str = ""
    in_slack: bool = True

    @property
    def address(self) -> str:
        """The e-mail address, the same at every vendor."""
        return self.email or f"{self.key}@demo.example"

    @property
    def slack_address(self) -> str:
        """The e-mail address in Slack, where one may have chosen another."""
        return self.slack_email or self.address


NEW_YORK, AMSTERDAM, SINGAPORE, PACIFIC = (
    "America/New_York",
    "Europe/Amsterdam",
    "Asia/Singapore",
    "America/Los_Angeles",
)
ENGINEER, MANAGER = "Support Engineer", "Support Manager"

PEOPLE = [
    Person("mira", "Mira Okafor", NEW_YORK, ENGINEER, "AMER", email="engineer@demo.example"),
    Person("theo", "Theo Lindqvist", "America/Chicago", ENGINEER, "AMER", email="second@demo.example"),
    Person("lena", "Lena Ost", "America/Denver", ENGINEER, "AMER"),
    Person("hugo", "Hugo Marchetti", NEW_YORK, ENGINEER, "AMER", ways=("email",), rung=("email",)),
    Person("nadia", "Nadia Ferro", "America/Sao_Paulo", ENGINEER, "AMER", rung=("email",)),
    Person(
        "ines",
        "Ines Calder",
        NEW_YORK,
        MANAGER,
        "AMER",
        email="manager@demo.example",
        pagerduty_role="admin",
        groups=("Support Managers",),
    ),
    Person("omar", "Omar Said", AMSTERDAM, MANAGER, "EMEA", pagerduty_role="admin", groups=("Support Managers",)),
    Person(
        "grete",
        "Grete Halvorsen",
        AMSTERDAM,
        "Director of Support",
        "EMEA",
        accounts=(),
        pagerduty_role="admin",
        groups=("Support Managers",),
    ),
    Person("ayo", "Ayo Bright", NEW_YORK, ENGINEER, "AMER", email="shadow@demo.example"),
    Person(
        "noor",
        "Noor Haddad",
        AMSTERDAM,
        "Support Operations",
        "EMEA",
        email="admin@demo.example",
        accounts=BOTH,
        pagerduty_role="admin",
        groups=("Support Operations",),
    ),
    Person(
        "sam",
        "Sam Whitford",
        PACIFIC,
        ENGINEER,
        "US_GOV",
        email="cleared@demo.example",
        accounts=BOTH,
        groups=("US Government Engineers",),
    ),
    Person("dana", "Dana Reyes", PACIFIC, ENGINEER, "US_GOV", accounts=BOTH, groups=("US Government Engineers",)),
    Person("joss", "Joss Tanner", PACIFIC, ENGINEER, "US_GOV", accounts=BOTH, groups=("US Government Engineers",)),
    Person("ravi", "Ravi Menon", AMSTERDAM, ENGINEER, "EMEA"),
    Person("agnes", "Agnes Pereira", "Europe/Lisbon", ENGINEER, "EMEA", slack_email="agnes.pereira@demo.example"),
    Person("kenji", "Kenji Arai", "Asia/Tokyo", ENGINEER, "APAC"),
    Person("mei", "Mei Lin Chua", SINGAPORE, ENGINEER, "APAC"),
    Person("arjun", "Arjun Nair", "Asia/Kolkata", ENGINEER, "APAC"),
    Person("tane", "Tane Wihongi", "Pacific/Auckland", ENGINEER, "APAC", in_slack=False),
    Person("paul", "Paul Ebner", AMSTERDAM, "Customer Success Manager", "EMEA", groups=("Customer Success",)),
    Person("yara", "Yara Costa", NEW_YORK, "Customer Success Manager", "AMER", groups=("Customer Success",)),
    Person("bram", "Bram Visser", AMSTERDAM, ENGINEER, "EMEA"),
]
BY_KEY = {person.key: person for person in PEOPLE}
BY_EMAIL = {person.address: person for person in PEOPLE}

BOT = "Support Bot"
GROUPS = ["Support Engineers", "Support Managers", "Support Operations", "US Government Engineers", "Customer Success"]

CHANNELS = {
    "support_self-managed": "Self-managed tickets and pages",
    "support_gitlab-com": "GitLab.com tickets and pages",
    "spt_us-government": "US Government support, cleared members only",
    "support_licensing-subscription": "Licences and subscriptions",
    "support_managers": "Support managers",
    "support_team-chat": "The whole team",
    "incident-management": "GitLab.com incidents",
    "spt_focus-dedicated": "GitLab Dedicated",
}
PRIVATE_CHANNELS = {"spt_us-government", "support_managers"}


def find(who: str) -> Person:
    """The person by key or e-mail; raises KeyError."""
    return BY_KEY[who] if who in BY_KEY else BY_EMAIL[who]
