"""Addresses of the inbox: where vendors post, and what administrators see."""

from __future__ import annotations

from django.urls import path

from ceoc.inbox import deliveries, webhooks

urlpatterns = [
    path("webhooks/pagerduty/", webhooks.pagerduty, name="webhook-pagerduty"),
    path("webhooks/zendesk/global/", webhooks.zendesk_global, name="webhook-zendesk-global"),
    path("webhooks/zendesk/us-gov/", webhooks.zendesk_us_gov, name="webhook-zendesk-us-gov"),
    path("webhooks/slack/", webhooks.slack, name="webhook-slack"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/<slug:public_id>/", deliveries.delivery, name="delivery"),
    path("deliveries/<slug:public_id>/replay/", deliveries.replay, name="delivery-replay"),
]
