"""Zendesk's furniture: ticket fields, forms and macros, by the titles that the procedure knows."""

from dataclasses import dataclass

STAGE, PRODUCT, RELATED, PAGERDUTY_INCIDENT = "Ticket Stage", "Product", "Related ticket", "PagerDuty incident"


@dataclass(frozen=True)
class Field:
    """A ticket field of the account's own; `options` for drop-downs (value by name)."""

    title: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()


FIELDS = [
    Field(STAGE, "tagger", (("First response", "frt"), ("Next response", "nrt"))),
    Field(
        PRODUCT, "tagger", (("Self-managed", "self_managed"), ("GitLab.com", "gitlab_com"), ("Dedicated", "dedicated"))
    ),
    Field(RELATED, "text"),
    Field(PAGERDUTY_INCIDENT, "text"),
]

EMERGENCIES, SELF_MANAGED, SAAS, LICENCES, US_GOV_EMERGENCIES = (
    "Emergencies",
    "Self-Managed",
    "SaaS",
    "L&R",
    "US Government Emergencies",
)
FORMS = {
    "global": [EMERGENCIES, SELF_MANAGED, SAAS, LICENCES],
    "us_gov": [US_GOV_EMERGENCIES, SELF_MANAGED, LICENCES],
}


@dataclass(frozen=True)
class Macro:
    """A macro: the comment it writes (public or not), the tags it adds, and the fields it sets (field or field title,
    value)."""

    title: str
    text: str = ""
    public: bool = True
    tags: tuple[str, ...] = ()
    sets: tuple[tuple[str, str], ...] = ()
    description: str = ""


MACROS = [
    Macro(
        "General::Emergency::Strict Definition",
        "Hello {{ticket.requester.first_name}},\n\nthank you for paging us. What you describe makes your instance "
        "unusable, so we work on it as an emergency from now on.",
        tags=("emergency_strict",),
        sets=(("status", "pending"),),
        description="Meets the definition of an emergency",
    ),
    Macro(
        "General::Emergency::Exception",
        "Hello {{ticket.requester.first_name}},\n\nthis is just outside the definition of an emergency; we work on it "
        "as one all the same, as a courtesy.",
        tags=("emergency_exception",),
        sets=(("status", "pending"),),
        description="Treated as an emergency by way of exception",
    ),
    Macro(
        "General::Emergency::Needs more info",
        "Hello {{ticket.requester.first_name}},\n\nwe have your page. To decide how to go on we need to know what this "
        "stops in your work, and since when.",
        tags=("emergency_needs_info",),
        sets=(("status", "pending"),),
        description="Cannot be decided yet",
    ),
    Macro(
        "General::Emergency::Not an Emergency",
        "Hello {{ticket.requester.first_name}},\n\nthis does not make the instance unusable, so it is not handled as "
        "an emergency.",
        tags=("emergency_not_an_emergency",),
        description="Does not qualify",
    ),
    Macro(
        "Downgrade emergency ticket",
        tags=("emergency_downgraded",),
        sets=(("ticket_form_id", SELF_MANAGED), ("priority", "high"), (STAGE, "nrt")),
        description="Moves the ticket to the ordinary queue",
    ),
    Macro(
        "Support::Customer Calls::Call Completed - Summary",
        "Hello {{ticket.requester.first_name}},\n\nthank you for the call. In short:\n\n- what we saw\n- what we "
        "changed\n- what comes next",
        tags=("call_summary",),
        description="Notes after a call",
    ),
    Macro(
        "Support::SaaS::Gitlab.com::Incident First Response",
        "Hello {{ticket.requester.first_name}},\n\nthis is part of an incident that we work on now. The status page "
        "has the latest.",
        tags=("saas_incident",),
        sets=(("status", "open"),),
        description="Known incident",
    ),
    Macro(
        "Incident::Compromised Instance",
        "Hello {{ticket.requester.first_name}},\n\nplease take the instance off the network now and leave it as it is. "
        "We tell you the next steps here.",
        tags=("compromised_instance",),
        sets=(("status", "pending"),),
        description="An instance that somebody broke into",
    ),
    Macro(
        "Trial Subscription - Exclusions Sign Off",
        "Hello {{ticket.requester.first_name}},\n\nwe can start a trial of ten days. Please confirm in writing that "
        "you agree to what it leaves out.",
        tags=("trial_sign_off",),
        sets=(("status", "pending"),),
        description="Written agreement before a trial",
    ),
    Macro(
        "Support::Emergency::Out of hours note",
        "Help was given outside the hours of the package, once.",
        public=False,
        tags=("after_hours",),
        description="Internal note",
    ),
    Macro(
        "General::Emergency::Stand down",
        "We close the bridge now. Page us again at any time.",
        sets=(("priority", "high"), ("status", "pending")),
        tags=("bridge_closed",),
        description="Nobody answered for half an hour",
    ),
]
