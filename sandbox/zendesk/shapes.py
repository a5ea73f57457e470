"""Tickets, people, organisations and furniture as the Support API gives them."""

from sandbox.store import Doc
from sandbox.world import desk
from sandbox.zendesk.account import WORLD_BEGAN, Account

API = "/api/v2"

TICKET_KEPT = [
    "id",
    "external_id",
    "via",
    "created_at",
    "updated_at",
    "type",
    "subject",
    "description",
    "priority",
    "status",
    "recipient",
    "requester_id",
    "submitter_id",
    "assignee_id",
    "organization_id",
    "group_id",
    "follower_ids",
    "email_cc_ids",
    "problem_id",
    "due_at",
    "tags",
    "ticket_form_id",
    "is_public",
    "followup_ids",
]
TICKET_ALWAYS: Doc = {
    "forum_topic_id": None,
    "has_incidents": False,
    "satisfaction_rating": None,
    "sharing_agreement_ids": [],
    "allow_channelback": False,
    "allow_attachments": True,
    "from_messaging_channel": False,
}
USER_KEPT = ["id", "name", "email", "created_at", "updated_at", "time_zone", "organization_id", "role"]
USER_ALWAYS: Doc = {
    "phone": None,
    "shared_phone_number": None,
    "photo": None,
    "locale_id": 1,
    "locale": "en-US",
    "verified": True,
    "external_id": None,
    "tags": [],
    "alias": "",
    "active": True,
    "shared": False,
    "shared_agent": False,
    "two_factor_auth_enabled": None,
    "signature": "",
    "details": "",
    "notes": "",
    "role_type": None,
    "custom_role_id": None,
    "only_private_comments": False,
    "chat_only": False,
    "report_csv": False,
    "user_fields": {},
}
FIELD_ALWAYS: Doc = {
    "description": "",
    "raw_description": "",
    "active": True,
    "required": False,
    "collapsed_for_agents": False,
    "regexp_for_validation": None,
    "visible_in_portal": False,
    "editable_in_portal": False,
    "required_in_portal": False,
    "tag": None,
    "created_at": WORLD_BEGAN,
    "updated_at": WORLD_BEGAN,
    "removable": True,
    "agent_description": None,
}


def ticket(account: Account, doc: Doc) -> Doc:
    """A ticket in full."""
    numbers = [account.field_id(field.title) for field in desk.FIELDS]
    custom = [{"id": number, "value": doc["fields"].get(str(number))} for number in numbers]
    return {name: doc[name] for name in TICKET_KEPT} | {
        **TICKET_ALWAYS,
        "url": f"{account.base}{API}/tickets/{doc['id']}.json",
        "raw_subject": doc["subject"],
        "collaborator_ids": doc["email_cc_ids"],
        "custom_fields": custom,
        "fields": custom,
        "custom_status_id": account.fixed("status", doc["status"]),
        "brand_id": account.fixed("brand", "support"),
        "generated_timestamp": int(doc["generated"]),
    }


def user(account: Account, doc: Doc) -> Doc:
    """A user in full."""
    customer = doc["role"] == "end-user"
    return {name: doc[name] for name in USER_KEPT} | {
        **USER_ALWAYS,
        "url": f"{account.base}{API}/users/{doc['id']}.json",
        "iana_time_zone": doc["time_zone"],
        "last_login_at": doc["updated_at"],
        "moderator": not customer,
        "ticket_restriction": "requested" if customer else None,
        "restricted_agent": doc["role"] != "admin",
        "suspended": bool(doc.get("suspended")),
        "default_group_id": doc["group_id"],
    }


def organization(account: Account, doc: Doc) -> Doc:
    """An organisation with its fields."""
    return {
        "id": doc["id"],
        "url": f"{account.base}{API}/organizations/{doc['id']}.json",
        "name": doc["name"],
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "created_at": doc["created_at"],
        "updated_at": doc["updated_at"],
        "domain_names": doc["domains"],
        "details": None,
        "notes": doc["notes"],
        "group_id": None,
        "tags": [],
        "organization_fields": doc["fields"],
    }


def group(account: Account, doc: Doc) -> Doc:
    """A group of agents."""
    return {
        "id": doc["id"],
        "url": f"{account.base}{API}/groups/{doc['id']}.json",
        "name": doc["name"],
        "description": "",
        "default": False,
        "deleted": False,
        "is_public": True,
        "created_at": doc["created_at"],
        "updated_at": doc["updated_at"],
    }


def ticket_field(account: Account, field: desk.Field, position: int) -> Doc:
    """A ticket field with its options."""
    key = account.field_id(field.title)
    doc = FIELD_ALWAYS | {
        "id": key,
        "url": f"{account.base}{API}/ticket_fields/{key}.json",
        "type": field.kind,
        "position": position,
    }
    doc |= dict.fromkeys(("title", "raw_title", "title_in_portal", "raw_title_in_portal"), field.title)
    if field.options:
        doc["custom_field_options"] = [
            {
                "id": account.fixed("option", f"{field.title} {value}"),
                "name": name,
                "raw_name": name,
                "value": value,
                "default": False,
            }
            for name, value in field.options
        ]
    return doc


def ticket_form(account: Account, name: str, position: int) -> Doc:
    """A ticket form."""
    key = account.form_id(name)
    return {
        "id": key,
        "url": f"{account.base}{API}/ticket_forms/{key}.json",
        "name": name,
        "raw_name": name,
        "display_name": name,
        "raw_display_name": name,
        "end_user_visible": True,
        "position": position,
        "active": True,
        "default": name == desk.SELF_MANAGED,
        "in_all_brands": True,
        "restricted_brand_ids": [],
        "end_user_conditions": [],
        "agent_conditions": [],
        "ticket_field_ids": [account.field_id(field.title) for field in desk.FIELDS],
        "created_at": WORLD_BEGAN,
        "updated_at": WORLD_BEGAN,
    }


def macro(account: Account, made: desk.Macro, position: int) -> Doc:
    """A macro with its actions, in Zendesk's words."""
    key = account.macro_id(made.title)
    actions: list[Doc] = []
    if made.text:
        actions.append({"field": "comment_value", "value": ["channel:all", made.text]})
        actions.append({"field": "comment_mode_is_public", "value": "true" if made.public else "false"})
    if made.tags:
        actions.append({"field": "current_tags", "value": " ".join(made.tags)})
    actions += [
        {"field": _action_field(account, name), "value": _action_value(account, name, value)}
        for name, value in made.sets
    ]
    return {
        "id": key,
        "url": f"{account.base}{API}/macros/{key}.json",
        "title": made.title,
        "raw_title": made.title,
        "description": made.description or None,
        "active": True,
        "default": False,
        "position": position,
        "restriction": None,
        "actions": actions,
        "created_at": WORLD_BEGAN,
        "updated_at": WORLD_BEGAN,
    }


def _action_field(account: Account, name: str) -> str:
    """How a macro names the field it sets."""
    return f"custom_fields_{account.field_id(name)}" if any(name == field.title for field in desk.FIELDS) else name


def _action_value(account: Account, name: str, value: str) -> str:
    """How a macro writes the value it sets: forms by their id."""
    return str(account.form_id(value)) if name == "ticket_form_id" else value
