"""From what vendors tell to sightings: webhooks, their own logs and the answers to our commands all come through
here."""
