"""Addresses of the people, and of one's own page."""

from __future__ import annotations

from django.urls import path

from ceoc.people.pages import acts, leave, lists, own

PERSON = "people/<slug:public_id>/"

urlpatterns = [
    path("people/", lists.people, name="people"),
    path("people/table/", lists.table, name="people-table"),
    path("people/read/", acts.read_all, name="people-read"),
    path("people/unmatched/", lists.unmatched, name="people-unmatched"),
    path("people/unmatched/lists/", lists.unmatched_lists, name="people-unmatched-lists"),
    path("people/match/", acts.match, name="people-match"),
    path("people/unmatch/", acts.unmatch, name="people-unmatch"),
    path("people/aside/", acts.aside, name="people-aside"),
    path(PERSON, lists.person, name="person"),
    path(f"{PERSON}readiness/", lists.readiness, name="person-readiness"),
    path(f"{PERSON}read/", acts.read, name="person-read"),
    path(f"{PERSON}clear/", acts.clear, name="person-clear"),
    path(f"{PERSON}end-clearance/", acts.end_clearance, name="person-end-clearance"),
    path(f"{PERSON}leave/", leave.leave, name="person-leave"),
    path(f"{PERSON}come-back/", leave.come_back, name="person-come-back"),
    path("me/", own.me, name="me"),
    path("me/readiness/", own.readiness, name="own-readiness"),
    path("me/read/", own.read, name="own-read"),
    path("me/zone/", own.zone, name="own-zone"),
    path("me/notices/", own.notices, name="own-notices"),
    path("me/notices/seen/", own.seen, name="own-notices-seen"),
]
