"""The class of subjects and emergencies, kept closed by default (security.md 1)."""

from __future__ import annotations

from collections.abc import Iterable

from ceoc.outbox.models import Command
from emergencies import models
from emergencies.story.kinds import Account
from emergencies.timeline.append import Subjects
from emergencies.timeline.drafts import Seen


def reclass_subjects(told: Iterable[Seen], subjects: Subjects) -> set[str]:
    """Gives each subject the class that its vendor's facts say, with all that is kept about it. Keys of those that
    changed."""
    changed = set()
    for key, klass in {seen.subject.key: seen.klass for seen in told}.items():
        subject = subjects[key]
        if klass != subject.klass and not (klass == "us_gov" and subject.class_said):
            reclass_subject(subject, klass)
            changed.add(key)
    return changed


def reclass_subject(subject: models.Subject, klass: Account, *, said: bool = False) -> None:
    """Writes a subject's class to itself and to everything that belongs to it."""
    subject.klass = klass
    subject.class_said = subject.class_said or said
    subject.save(update_fields=["klass", "class_said"])
    for model in (models.Sighting, models.Entry, models.Text):
        model.objects.filter(subject=subject).update(klass=klass)


def reclass_emergency(emergency: models.Emergency, own: models.Subject) -> bool:
    """An emergency is US Government's as soon as one of its subjects is. Whether its class changed."""
    closed = models.Link.objects.filter(emergency=emergency, ended=False, subject__klass="us_gov").exists()
    linked = models.Link.objects.filter(emergency=emergency, ended=False).exists()
    klass: Account = "us_gov" if closed or (not linked and emergency.klass == "us_gov") else "global"
    if klass != own.klass:
        reclass_subject(own, klass)
    if klass == emergency.klass:
        return False
    emergency.klass = klass
    models.JudgementLog.objects.filter(emergency=emergency).update(klass=klass)
    return True


def reclass_commands(emergency: models.Emergency) -> bool:
    """What was asked of the vendors for an emergency has its class. Whether any of it had another one."""
    asked = Command.objects.filter(group=emergency.public_id)
    return asked.exclude(klass=emergency.klass).update(klass=emergency.klass) > 0
