"""The settings' pages: everybody who may look at the board may read them; to change them needs `manage`.

A change goes in two steps, without a script too: the form is sent, what would change is shown with a place for the
reason, and only then it is saved. What was typed is carried through all of it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access.gate import may
from ceoc.team import change, diff, forms, kinds, queries
from ceoc.team.change import LONGEST_WHY, Outrun, Refused
from ceoc.team.forms import Typed
from ceoc.team.kinds import Errors, Kind

MOST_VERSIONS = 1_000_000
NOTHING_DIFFERENT = "Nothing is different from what stands. Change something first."
NO_REASON = "Say why: the others read it in the history."


class Wish(msgspec.Struct, frozen=True):
    """What somebody wants to change: what they typed, from which version on, and why."""

    kind: Kind
    typed: Typed
    base: int
    why: str


@may("view")
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """All kinds of settings."""
    return render(request, "team/settings.html", {"cards": queries.cards()})


@may("view")
@require_safe
def setting(request: HttpRequest, name: str) -> HttpResponse:
    """One kind: the form for those who may change it, else what stands; and its history."""
    kind = _kind(name)
    stands = change.standing(kind)
    wish = Wish(kind, forms.typed_of(kind, stands.value), stands.number, "")
    return _form(request, wish, {})


@require_POST
@may("manage")
def change_setting(request: HttpRequest, name: str) -> HttpResponse:
    """Shows what would change (`look`), saves it (`save`), or goes back to the form (`edit`)."""
    wish = _wish(request, _kind(name))
    if request.POST.get("do") == "edit":
        return _form(request, wish, {})
    if (news := queries.meanwhile(wish.kind, wish.base)) is not None:
        return _outrun(request, wish, news)
    stands = change.standing(wish.kind)
    value, errors = forms.value_of(wish.kind, wish.typed)
    if not errors:
        whole = change.wrong(wish.kind, stands.value, value, request.viewer)
        errors = forms.placed(wish.kind, wish.typed, whole)
    if errors:
        return _form(request, wish, errors, status=400)
    lines = diff.lines(wish.kind, stands.value, value)
    if not lines and value == stands.value:
        return _form(request, wish, {}, problem=NOTHING_DIFFERENT, status=400)
    if request.POST.get("do") == "save" and 0 < len(wish.why) <= LONGEST_WHY:
        return _save(request, wish, value)
    return _look(request, wish, stands.value, value)


@require_POST
@may("manage")
def undo_setting(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Takes the newest version back, in one press."""
    kind = _kind(name)
    try:
        made = change.undo(kind, min(number, MOST_VERSIONS), by=request.viewer, now=clock.now())
    except Refused as refusal:
        if request.htmx:
            html = render_to_string("outbox/_said.html", {"said": str(refusal), "tone": "late"})
            return HttpResponse(html, status=409)
        messages.error(request, str(refusal))
        return redirect("setting", name)
    return _saved(request, kind, f"Version {made.undoes} is undone. What stood before it stands again.")


def _save(request: HttpRequest, wish: Wish, value: Any) -> HttpResponse:
    try:
        change.change(wish.kind, value, base=wish.base, by=request.viewer, why=wish.why, now=clock.now())
    except Outrun:
        news = queries.meanwhile(wish.kind, wish.base)
        if news is not None:
            return _outrun(request, wish, news)
        return _form(request, wish, {}, problem="This form is not from what stands. Load the page again.", status=409)
    except Refused as refusal:
        return _form(request, wish, {}, problem=str(refusal), status=409)
    return _saved(request, wish.kind, f"{wish.kind.words}: saved. It counts from now on.")


def _saved(request: HttpRequest, kind: Kind, said: str) -> HttpResponse:
    messages.success(request, said)
    address = reverse("setting", args=[kind.name])
    if request.htmx:
        return HttpResponse("", headers={"HX-Redirect": address})
    return redirect(address)


def _outrun(request: HttpRequest, wish: Wish, news: queries.Meanwhile) -> HttpResponse:
    """Somebody else was first: who, and what they changed; what was typed stays, and is now a change of theirs."""
    now = msgspec.structs.replace(wish, base=change.standing(wish.kind).number)
    return _form(request, now, {}, meanwhile=news, status=409)


def _form(request: HttpRequest, wish: Wish, errors: Errors, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page with the form and the history."""
    manage = request.viewer.may("manage")
    context = {
        "kind": wish.kind,
        "manage": manage,
        "form": forms.form(wish.kind, wish.typed, errors),
        "told": diff.told(wish.kind, change.standing(wish.kind).value) if not manage else {},
        "base": wish.base,
        "why": wish.why,
        "history": queries.history(wish.kind),
        **more,
    }
    return render(request, "team/setting.html", context, status=status)


def _look(request: HttpRequest, wish: Wish, before: Any, after: Any) -> HttpResponse:
    """What would change, what follows from it, and a place for the reason."""
    asked = request.POST.get("do") == "save"
    too_long = f"This is longer than {LONGEST_WHY} characters." if wish.why else ""
    context = {
        "kind": wish.kind,
        "lines": diff.lines(wish.kind, before, after),
        "effects": wish.kind.effects(before, after, request.viewer) if wish.kind.effects else [],
        "form": forms.form(wish.kind, wish.typed, {}),
        "base": wish.base,
        "why": wish.why,
        "longest": LONGEST_WHY,
        "problem": (too_long or NO_REASON) if asked else "",
    }
    return render(request, "team/look.html", context, status=400 if asked else 200)


def _wish(request: HttpRequest, kind: Kind) -> Wish:
    base = request.POST.get("base", "")
    number = int(base) if base.isascii() and base.isdigit() and len(base) < 7 else 0
    return Wish(kind, forms.typed_from(kind, request.POST.dict()), number, request.POST.get("why", "").strip()[:2000])


def _kind(name: str) -> Kind:
    kind = kinds.find(name)
    if kind is None:
        raise Http404
    return kind
