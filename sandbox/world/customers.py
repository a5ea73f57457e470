"""Customers of both Zendesk accounts: organisations with their plan, and the people who write. All invented."""

from dataclasses import dataclass

from sandbox.world.people import AMSTERDAM, NEW_YORK


@dataclass(frozen=True)
class Writer:
    """A person at a customer who opens tickets."""

    name: str
    email: str
    zone: str


@dataclass(frozen=True)
class Customer:
    """An organisation at Zendesk. `starts` and `ends` are days from the day the world is set up (None: no such date),
    so that 'bought today' and 'ended nine days ago' stay true whenever the sandbox starts."""

    key: str
    name: str
    plan: str
    product: str
    seats: int
    starts: int | None
    ends: int | None
    writers: tuple[Writer, ...]
    csm: str = ""
    account: str = "global"
    us_gov_support: str = ""
    notes: str = ""


def _who(name: str, domain: str, zone: str) -> Writer:
    """A writer whose address is made from their first name."""
    return Writer(name, f"{name.split(maxsplit=1)[0].lower()}@{domain}", zone)


CUSTOMERS = [
    Customer(
        "northwind",
        "Northwind Robotics",
        "premium",
        "self_managed",
        250,
        -200,
        165,
        (_who("Jonas Petrov", "northwind.example", NEW_YORK), _who("Elena Quist", "northwind.example", NEW_YORK)),
        csm="paul",
    ),
    Customer(
        "halcyon",
        "Halcyon Freight",
        "ultimate",
        "self_managed",
        1200,
        -90,
        275,
        (_who("Bea Mwangi", "halcyon.example", NEW_YORK),),
        csm="yara",
    ),
    Customer(
        "tidewater",
        "Tidewater Analytics",
        "premium",
        "gitlab_com",
        80,
        -300,
        65,
        (_who("Callum Reyes", "tidewater.example", "America/Chicago"),),
    ),
    Customer(
        "lumen",
        "Lumen Games",
        "ultimate",
        "gitlab_com",
        420,
        -30,
        335,
        (_who("Sora Ito", "lumen.example", "Asia/Tokyo"),),
        csm="paul",
    ),
    Customer(
        "kestrel",
        "Kestrel Bank",
        "ultimate",
        "dedicated",
        3100,
        -400,
        330,
        (_who("Ada Novak", "kestrel.example", AMSTERDAM),),
        csm="yara",
    ),
    Customer(
        "bramble",
        "Bramble & Co",
        "free",
        "gitlab_com",
        6,
        None,
        None,
        (_who("Pip Hart", "bramble.example", "Europe/London"),),
    ),
    Customer(
        "orchard",
        "Orchard Clinics",
        "premium",
        "self_managed",
        60,
        -374,
        -9,
        (_who("Ruth Adeyemi", "orchard.example", NEW_YORK),),
        notes="Renewal is with the sales team.",
    ),
    Customer(
        "solo",
        "Solo Foundry",
        "premium",
        "self_managed",
        1,
        0,
        365,
        (_who("Max Ferreira", "solofoundry.example", NEW_YORK),),
    ),
    Customer(
        "sakura",
        "Sakura Maritime",
        "premium",
        "self_managed",
        340,
        -150,
        215,
        (_who("Haru Nakata", "sakura.example", "Asia/Tokyo"),),
    ),
    Customer(
        "banksia",
        "Banksia Energy",
        "ultimate",
        "self_managed",
        900,
        -20,
        345,
        (_who("Matilda Grant", "banksia.example", "Australia/Sydney"),),
        csm="paul",
    ),
    Customer(
        "monsoon",
        "Monsoon Pay",
        "premium",
        "gitlab_com",
        150,
        -60,
        305,
        (_who("Vikram Shah", "monsoon.example", "Asia/Kolkata"),),
    ),
    Customer(
        "fjord",
        "Fjord Telecom",
        "ultimate",
        "gitlab_com",
        2200,
        -210,
        155,
        (_who("Sigrid Aas", "fjord.example", "Europe/Oslo"),),
        csm="paul",
    ),
    Customer(
        "cinder",
        "Cinder Labs",
        "premium",
        "self_managed",
        45,
        -10,
        355,
        (_who("Owen Blythe", "cinder.example", "Europe/London"),),
    ),
    Customer(
        "quarry",
        "Quarry Software",
        "free",
        "self_managed",
        12,
        None,
        None,
        (_who("Dee Larkin", "quarry.example", NEW_YORK),),
    ),
    Customer(
        "meridian",
        "Agency for Harbor Safety",
        "ultimate",
        "self_managed",
        800,
        -120,
        245,
        (_who("Carol Winters", "harborsafety.example", NEW_YORK),),
        account="us_gov",
        us_gov_support="24x7",
    ),
    Customer(
        "granite",
        "Granite State Records Office",
        "premium",
        "self_managed",
        110,
        -250,
        115,
        (_who("Neil Abbot", "granite.example", NEW_YORK),),
        account="us_gov",
        us_gov_support="12x5",
    ),
    Customer(
        "prairie",
        "Prairie Water Authority",
        "ultimate",
        "self_managed",
        95,
        -15,
        350,
        (_who("June Tallis", "prairiewater.example", "America/Chicago"),),
        account="us_gov",
    ),
]

_NAMES = [
    "Alder Press",
    "Basalt Media",
    "Copper Lane",
    "Driftwood Travel",
    "Ember Retail",
    "Foxglove Health",
    "Gale Mobility",
    "Heron Insurance",
    "Indigo Schools",
    "Juniper Foods",
    "Kelp Studios",
    "Larkspur Legal",
    "Mosaic Transit",
    "Nimbus Parcel",
    "Opal Hotels",
    "Pebble Finance",
    "Quill Publishing",
    "Rowan Motors",
    "Saffron Kitchens",
    "Thistle Events",
    "Umber Design",
    "Verdant Farms",
    "Willow Optics",
    "Xenon Lighting",
    "Yarrow Pharma",
    "Zephyr Air",
    "Anchor Marine",
    "Beacon Tutors",
    "Cobalt Mining",
    "Dune Software",
    "Elm Architects",
    "Flint Sports",
    "Garnet Jewels",
    "Harvest Coop",
    "Iris Imaging",
    "Jasper Tools",
    "Kindle Theatres",
    "Lotus Textiles",
    "Maple Credit",
    "Nettle Wear",
]


def _small(name: str, number: int) -> Customer:
    """One of the many GitLab.com customers whom an incident touches at once."""
    key = name.split(maxsplit=1)[0].lower()
    zone = (NEW_YORK, "Europe/London", AMSTERDAM)[number % 3]
    writer = _who(f"Robin {name.rsplit(maxsplit=1)[-1]}", f"{key}.example", zone)
    return Customer(
        key,
        name,
        ("premium", "ultimate")[number % 4 == 0],
        "gitlab_com",
        20 + 13 * number,
        -30 - 5 * number,
        335 - 5 * number,
        (writer,),
    )


MANY = [_small(name, number) for number, name in enumerate(_NAMES)]
BY_KEY = {customer.key: customer for customer in [*CUSTOMERS, *MANY]}
