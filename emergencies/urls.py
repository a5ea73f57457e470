"""Addresses of the board and of emergencies."""

from __future__ import annotations

from django.urls import path

from emergencies.pages import acts, board, emergency, find, follow, here, replies, ties

EMERGENCY = "emergencies/<slug:public_id>/"

urlpatterns = [
    path("", board.board, name="board"),
    path("closed/", board.closed, name="closed"),
    path("find/", find.find, name="find"),
    path("own/board/", board.own_board, name="own-board"),
    path("follow/", follow.follow, name="follow"),
    path("follow/change/", follow.change, name="change-following"),
    path("own/follow/", follow.own, name="own-follow"),
    path("tray/<slug:page>/", ties.waiting, name="waiting-page"),
    path("tray/<slug:page>/tie/", ties.tie_waiting, name="tie-waiting-page"),
    path("tray/<slug:page>/aside/", ties.put_aside, name="put-waiting-page-aside"),
    path(EMERGENCY, emergency.emergency, name="emergency"),
    path(f"{EMERGENCY}composer/", emergency.composer, name="own-composer"),
    path(f"{EMERGENCY}dialogs/", emergency.dialogs, name="own-dialogs"),
    path(f"{EMERGENCY}here/", here.here, name="here"),
    path(f"{EMERGENCY}looked/", emergency.looked, name="looked"),
    path(f"{EMERGENCY}draft/", replies.draft, name="draft"),
    path(f"{EMERGENCY}reply/", replies.reply, name="reply"),
    path(f"{EMERGENCY}acknowledge/", acts.acknowledge, name="acknowledge"),
    path(f"{EMERGENCY}resolve/", acts.resolve, name="resolve"),
    path(f"{EMERGENCY}ring-again/", acts.ring_again, name="ring-again"),
    path(f"{EMERGENCY}page-note/", acts.page_note, name="page-note"),
    path(f"{EMERGENCY}call/", acts.call, name="call"),
    path(f"{EMERGENCY}note/", acts.note, name="note"),
    path(f"{EMERGENCY}retract/", acts.retract, name="retract"),
    path(f"{EMERGENCY}automatic/", acts.automatic, name="automatic"),
    path(f"{EMERGENCY}take-over/", acts.take_over, name="take-over"),
    path(f"{EMERGENCY}dismiss/", acts.dismiss, name="dismiss"),
    path(f"{EMERGENCY}link/", ties.link, name="link"),
    path(f"{EMERGENCY}unlink/", ties.unlink, name="unlink"),
    path(f"{EMERGENCY}split/", ties.split, name="split"),
    path(f"{EMERGENCY}join/", ties.join, name="join"),
]
