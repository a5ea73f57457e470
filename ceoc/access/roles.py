"""What a role may do: one table. Django's groups and permissions mirror it (`roles_mirror`)."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["engineer", "manager", "shadow", "administrator", "none"]
Capability = Literal["view", "work", "override", "manage", "administer"]

CAPABILITIES: dict[Capability, str] = {
    "view": "Look at the board and at emergencies",
    "work": "Work emergencies: acknowledge, write, link",
    "override": "Go against a rule, with a reason",
    "manage": "Change the team's settings and schedules",
    "administer": "Look after people, deliveries and commands",
}

ROLES: dict[Role, frozenset[Capability]] = {
    "administrator": frozenset(get_args(Capability)),
    "manager": frozenset({"view", "work", "override", "manage"}),
    "engineer": frozenset({"view", "work"}),
    "shadow": frozenset({"view"}),
    "none": frozenset(),
}
"""In the order in which a role counts for somebody who is in several groups. `none`: known, and in no group."""

GROUPS = tuple(role for role in ROLES if role != "none")


def first_role(groups: set[str]) -> Role:
    """The role of somebody who is in those groups."""
    return next((role for role in ROLES if role in groups), "none")
