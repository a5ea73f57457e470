"""Signing in and out, break-glass codes, the audit."""

from __future__ import annotations

from django.urls import path

from ceoc.access import audit_page, token_pages, views
from ceoc.access.breakglass import pages as break_glass
from ceoc.access.breakglass import views as code
from ceoc.access.oidc import views as oidc

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/provider/", oidc.to_provider, name="sign-in-provider"),
    path("sign-in/return/", oidc.back, name="sign-in-return"),
    path("sign-in/code/", code.use_code, name="sign-in-code"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("break-glass/", break_glass.break_glass, name="break-glass"),
    path("break-glass/print/", break_glass.make, name="break-glass-print"),
    path("break-glass/<slug:public_id>/revoke/", break_glass.revoke, name="break-glass-revoke"),
    path("audit/", audit_page.audit, name="audit"),
    path("tokens/", token_pages.tokens_page, name="tokens"),
    path("tokens/make/", token_pages.make, name="token-make"),
    path("tokens/<slug:public_id>/revoke/", token_pages.revoke, name="token-revoke"),
]
