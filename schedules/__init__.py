"""Rotations, shifts and regions: who is on call where. The roster itself is mirrored from PagerDuty's schedules."""
