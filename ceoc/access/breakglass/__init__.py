"""One-time codes on paper: the way in on the night when the identity provider is down."""
