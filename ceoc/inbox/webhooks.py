"""The four addresses that vendors post to (architecture.md 5). Each names its door and its way of signing; the rest
is `receive`."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from ceoc import clock
from ceoc.access.gate import signed
from ceoc.inbox.receive import Door, receive
from ceoc.inbox.signatures import PagerDutySignature, SlackSignature, ZendeskSignature


@signed
@require_POST
def pagerduty(request: HttpRequest) -> HttpResponse:
    """PagerDuty's events (webhooks v3). Of US Gov class until they are understood."""
    secrets = settings.PAGERDUTY_WEBHOOK_SECRETS.items()
    return receive(request, Door("pagerduty"), PagerDutySignature(request.headers, secrets))


@signed
@require_POST
def zendesk_global(request: HttpRequest) -> HttpResponse:
    """Events and triggers of the global Zendesk account."""
    return _zendesk(request, "global")


@signed
@require_POST
def zendesk_us_gov(request: HttpRequest) -> HttpResponse:
    """Events and triggers of the US Government Zendesk account."""
    return _zendesk(request, "us_gov")


def _zendesk(request: HttpRequest, account: str) -> HttpResponse:
    secrets = settings.ZENDESK[account].webhook_secret.items()
    return receive(request, Door("zendesk", account, account), ZendeskSignature(request.headers, secrets))


@signed
@require_POST
def slack(request: HttpRequest) -> HttpResponse:
    """Slack's events, and its question whether this address is ours. Of US Gov class until they are understood."""
    secret = settings.SLACK_SIGNING_SECRET()
    return receive(request, Door("slack"), SlackSignature(request.headers, secret, clock.wall()))
