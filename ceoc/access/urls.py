"""Signing in and out."""

from __future__ import annotations

from django.urls import path

from ceoc.access import token_pages, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("tokens/", token_pages.tokens_page, name="tokens"),
    path("tokens/make/", token_pages.make, name="token-make"),
    path("tokens/<slug:public_id>/revoke/", token_pages.revoke, name="token-revoke"),
]
