"""The page of API tokens: one's own; for administrators everybody's too."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access import scopes, tokens
from ceoc.access.gate import may
from ceoc.access.models import ApiToken, Person

DAYS = {7: "a week", 30: "30 days", 90: "90 days", 365: "a year"}
USUALLY = 90


@require_safe
@may("view")
def tokens_page(request: HttpRequest) -> HttpResponse:
    """The list, and the form that makes one."""
    return _page(request)


@require_POST
@may("view", own_rows=True)
def make(request: HttpRequest) -> HttpResponse:
    """Makes one of one's own and shows it, this once: the page is not kept, and its digest alone is stored."""
    try:
        person = Person.objects.get(pk=request.viewer.person_id)
        text, _ = tokens.make(person, _wish(request.POST), by=request.viewer.email, wall=clock.wall())
    except tokens.Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, status=409)
    return _page(request, made=text)


@require_POST
@may("view", own_rows=True)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ends a token at once. One that is not one's own is not found, but for an administrator."""
    try:
        row = tokens.revoke(public_id, by=request.viewer, wall=clock.wall())
    except ApiToken.DoesNotExist:
        raise Http404 from None
    except tokens.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"“{row.name}” is revoked. What still uses it is refused from now on.")
    return redirect("tokens")


def _wish(form: QueryDict) -> tokens.Wish:
    days = form.get("days", "")
    return tokens.Wish(
        name=form.get("name", ""),
        scopes=tokens.scopes_of(form.getlist("scope")),
        days=int(days) if days.isascii() and days.isdigit() and len(days) < 4 else 0,
    )


def _page(request: HttpRequest, made: str = "", status: int = 200) -> HttpResponse:
    viewer, wall = request.viewer, clock.wall()
    context = {
        "made": made,
        "mine": tokens.listed(viewer, wall),
        "others": tokens.listed(viewer, wall, everybodys=True) if viewer.may("administer") else None,
        "scopes": [
            {"name": scope, "words": scopes.SCOPES[scope], "chosen": scope == "read"} for scope in scopes.useful(viewer)
        ],
        "days": [{"value": days, "words": words, "chosen": days == USUALLY} for days, words in DAYS.items()],
    }
    return render(request, "access/tokens.html", context, status=status)
