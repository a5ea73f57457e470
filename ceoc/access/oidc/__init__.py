"""Signing in by OpenID Connect: the provider says who somebody is and in which groups; everything else is ours."""
