"""The platform that both apps stand on: composition, settings, access, inbox, outbox, vendors, live, ops."""
