"""PagerDuty's side of the world: schedules with their layers, escalation policies, services."""

from dataclasses import dataclass

from sandbox.world.people import AMSTERDAM, NEW_YORK, PACIFIC, SINGAPORE

HOUR = 3600
DAY = 24 * HOUR
WEEKDAYS = (1, 2, 3, 4, 5)
WEEKEND = (6, 7)
EVERY_DAY = WEEKDAYS + WEEKEND


@dataclass(frozen=True)
class Layer:
    """One layer: its people take turns of `turn_days`; only between `begins` and `hours` later on the days named
    (1 = Monday). No `begins`: round the clock."""

    name: str
    people: tuple[str, ...]
    begins: str = ""
    hours: int = 24
    days: tuple[int, ...] = EVERY_DAY
    turn_days: int = 7


@dataclass(frozen=True)
class Schedule:
    """A schedule in its zone; later layers win over earlier ones, overrides over all."""

    name: str
    zone: str
    layers: tuple[Layer, ...]
    description: str = ""


def _amer(name: str, begins: str, weekday: str, weekend: tuple[str, ...]) -> Schedule:
    """One of the three overlapping AMER schedules: six hours every day."""
    return Schedule(
        name,
        NEW_YORK,
        (
            Layer("Weekdays", (weekday,), begins, 6, WEEKDAYS),
            Layer("Weekend", weekend, begins, 6, WEEKEND),
        ),
    )


SCHEDULES = [
    _amer("AMER 1", "12:00:00", "mira", ("hugo", "mira")),
    _amer("AMER 2", "13:00:00", "theo", ("theo", "nadia")),
    _amer("AMER 3", "14:00:00", "lena", ("nadia", "lena")),
    Schedule("EMEA", AMSTERDAM, (Layer("Day", ("ravi", "agnes"), "09:00:00", 9),)),
    Schedule(
        "APAC",
        SINGAPORE,
        (
            Layer("Weekdays", ("mei", "kenji"), "08:00:00", 8, WEEKDAYS),
            Layer("Weekend", ("kenji",), "08:00:00", 8, WEEKEND),
        ),
    ),
    Schedule(
        "APAC Weekend Backup",
        SINGAPORE,
        (Layer("Volunteers", ("arjun", "tane", "mei"), "08:00:00", 8, WEEKEND),),
        "Volunteers whom only a manager pages.",
    ),
    Schedule("US Gov Dayshift", PACIFIC, (Layer("Day", ("sam",), "05:00:00", 8),)),
    Schedule("US Gov Evenings", PACIFIC, (Layer("Evening", ("dana",), "13:00:00", 8),)),
    Schedule("US Gov Overnight", PACIFIC, (Layer("Night", ("joss",), "21:00:00", 8),)),
    Schedule("Support Manager On-call", NEW_YORK, (Layer("Always", ("ines",)),)),
    Schedule("Directors", AMSTERDAM, (Layer("Always", ("grete",)),)),
    Schedule(
        "Customer Emergency Shadow Schedule",
        NEW_YORK,
        (Layer("Shadows", ("ayo",), "12:00:00", 6, WEEKDAYS),),
        "For following along before going on call.",
    ),
]


@dataclass(frozen=True)
class Policy:
    """An escalation policy: each level is schedules (or people) and the minutes before the next."""

    name: str
    levels: tuple[tuple[tuple[str, ...], int], ...]
    loops: int = 0


POLICIES = [
    Policy(
        "Customer Emergencies AMER",
        ((("AMER 1", "AMER 2", "AMER 3"), 15), (("Support Manager On-call",), 15), (("Directors",), 15)),
    ),
    Policy("Customer Emergencies EMEA", ((("EMEA",), 15), (("Support Manager On-call",), 15), (("Directors",), 15))),
    Policy("Customer Emergencies APAC", ((("APAC",), 15), (("Support Manager On-call",), 15), (("Directors",), 15))),
    Policy(
        "US Government Emergencies",
        ((("US Gov Dayshift", "US Gov Evenings", "US Gov Overnight"), 15), (("Support Manager On-call",), 15)),
    ),
    Policy("APAC Backup Engineers", ((("APAC Weekend Backup",), 15),)),
]

GLOBAL_SERVICE, US_GOV_SERVICE, UNMAPPED_SERVICE = "Customer Support", "US Government Support", "Unsorted"


@dataclass(frozen=True)
class Service:
    """A PagerDuty service and the policy that its incidents ring by, where nothing else is asked."""

    name: str
    policy: str
    description: str


SERVICES = [
    Service(GLOBAL_SERVICE, "Customer Emergencies AMER", "Pages of customers of the global portal"),
    Service(US_GOV_SERVICE, "US Government Emergencies", "Pages of customers of the US Government portal"),
    Service(UNMAPPED_SERVICE, "Customer Emergencies AMER", "New integrations land here until they are sorted"),
]
PRIORITIES = ["P1", "P2", "P3"]

# Who rings at which hour: the region whose local window holds, as the routing rule of the integration decides.
WINDOWS = [
    ("AMER", NEW_YORK, 12, 20),
    ("EMEA", AMSTERDAM, 9, 18),
    ("APAC", SINGAPORE, 8, 16),
]
