"""Answers before they are letters: templates, approvals, points, what is written, what was posted, how it was rated.

A sent answer is frozen with its number and all that its paper shows; templates and drafts keep their history.
"""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from svet.domains.cases.models.letters import Letter
from svet.domains.cases.models.register import Case
from svet.domains.cases.rules.register import CaseChannel, Resolution
from svet.domains.cases.rules.templates import AnswerState
from svet.infra.appendonly import append_only
from svet.infra.fields import ValidityField, never_two_at_once
from svet.infra.history import keep_history


@keep_history()
class AnswerTemplate(models.Model):
    """A text to begin an answer with, for a subject (empty: any), with its legal ground and its source."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    subject = models.CharField(max_length=40, blank=True)
    ground = models.CharField(max_length=300)
    text = models.TextField()
    valid = ValidityField()
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "cases_answer_template"
        constraints = [
            never_two_at_once("a_template_is_valid_once_at_a_time", "code"),
            models.CheckConstraint(name="a_template_says_something", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return self.code


@keep_history()
class AnswerApproval(models.Model):
    """An answer about this subject, or one below it, goes out only after a second person has approved it."""

    subject = models.CharField(max_length=40)
    valid = ValidityField()
    source = models.CharField(max_length=300)

    class Meta:
        db_table = "cases_answer_approval"
        constraints = [never_two_at_once("an_approval_is_asked_once_at_a_time", "subject")]

    def __str__(self) -> str:
        return self.subject


@keep_history()
class CasePoint(models.Model):
    """One of several questions in an appeal; `dropped_at` when it was none after all."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="points")
    place = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=1000)
    answer = models.TextField(blank=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_point"
        constraints = [
            models.UniqueConstraint(fields=["case", "place"], name="a_point_has_a_place_of_its_own"),
            models.CheckConstraint(name="a_point_asks_something", condition=~models.Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} point {self.place}"


@keep_history()
class CaseAnswer(models.Model):
    """An answer: written, approved where its subject asks for it, sent once under an outgoing number."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(max_length=28, choices=[(s.value, s.value) for s in AnswerState])
    version = models.PositiveIntegerField(default=1)
    template = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    resolution = models.CharField(max_length=24, choices=[(r.value, r.value) for r in Resolution])
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in CaseChannel])
    address = models.CharField(max_length=300, blank=True)

    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    returned_note = models.CharField(max_length=1000, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)

    number = models.CharField(max_length=20, blank=True)
    sent_at = models.DateTimeField(null=True)
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="+", null=True)
    snapshot = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        db_table = "cases_answer"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=~models.Q(state=AnswerState.SENT), name="one_answer_of_a_case_is_written"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="an_outgoing_number_is_given_once"
            ),
            models.CheckConstraint(
                name="another_person_approves_an_answer",
                condition=models.Q(approved_by__isnull=True) | ~models.Q(approved_by=models.F("written_by")),
            ),
            models.CheckConstraint(
                name="a_sent_answer_is_a_numbered_letter",
                condition=models.Q(state=AnswerState.SENT, sent_at__isnull=False, letter__isnull=False)
                & ~models.Q(number="")
                | ~models.Q(state=AnswerState.SENT) & models.Q(number="", sent_at__isnull=True, letter__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                fields=["written_at"], condition=models.Q(state=AnswerState.WAITING), name="answer_that_waits"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_sent_answer_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=AnswerState.SENT),
            )
        ]

    def __str__(self) -> str:
        return self.number or f"answer {self.pk} of {self.case_id}"


class PostedLetter(models.Model):
    """A letter was printed and handed to the post, with the post's number where it gives one."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="posted")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    track = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "cases_posted_letter"
        triggers = append_only()

    def __str__(self) -> str:
        return f"letter {self.letter_id} posted"


@keep_history()
class CaseAsking(models.Model):
    """What the applicant was asked after an answer: to rate it, and weeks later whether it was really solved.

    Each question goes out once for an answer and is answered once.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="askings")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="askings")
    question = models.CharField(max_length=12, choices=[("rating", "rating"), ("solved", "solved")])
    asked_at = models.DateTimeField()

    score = models.PositiveSmallIntegerField(null=True)
    is_solved = models.BooleanField(null=True)
    comment = models.CharField(max_length=2000, blank=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_asking"
        constraints = [
            models.UniqueConstraint(fields=["letter", "question"], name="a_question_is_asked_once_for_an_answer"),
            models.CheckConstraint(
                name="a_score_is_from_one_to_five",
                condition=models.Q(score__isnull=True) | models.Q(score__gte=1, score__lte=5),
            ),
        ]
        indexes = [models.Index(fields=["given_at"], condition=models.Q(given_at__isnull=False), name="given_asking")]
        triggers = [
            pgtrigger.Protect(
                name="a_given_rating_stands",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__given_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} of {self.case_id}"
