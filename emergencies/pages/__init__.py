"""The pages of emergencies: each view is who, may they, do it, show it."""
