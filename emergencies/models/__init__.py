"""Tables of the emergencies: the timeline (subjects, sightings, entries, text) and what is derived from it."""

from emergencies.models.emergency import Emergency
from emergencies.models.judgement import JudgementLog
from emergencies.models.personal import Draft, Look
from emergencies.models.search import SearchText
from emergencies.models.subject import Link, Subject
from emergencies.models.timeline import Entry, Sighting, Text

__all__ = ["Draft", "Emergency", "Entry", "JudgementLog", "Link", "Look", "SearchText", "Sighting", "Subject", "Text"]
