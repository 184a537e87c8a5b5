"""Letters of a case, in and out, with their files; the words by which cases are found. Letters are never rewritten."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from svet.domains.cases.models.register import Case
from svet.domains.cases.rules.register import CaseChannel, Direction
from svet.infra.appendonly import append_only
from svet.infra.models import StoredFile


class Letter(models.Model):
    """What somebody wrote to us about a case, or we to him. `key` is the channel's own name for it (Message-ID …)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    direction = models.CharField(max_length=8, choices=[(d.value, d.value) for d in Direction])
    channel = models.CharField(max_length=12, choices=[(c.value, c.value) for c in CaseChannel])
    key = models.CharField(max_length=255, blank=True)
    at = models.DateTimeField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    address = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    is_answer = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_letter"
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "direction", "key"],
                condition=~models.Q(key=""),
                name="a_letter_comes_once_by_its_channel",
            ),
        ]
        indexes = [
            models.Index(fields=["case", "at"], name="letter_by_case"),
            models.Index(
                fields=["fingerprint"],
                condition=models.Q(direction=Direction.IN) & ~models.Q(fingerprint=""),
                name="letter_by_text",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.direction} letter {self.pk} of {self.case_id}"


class LetterFile(models.Model):
    """A file of a letter."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "cases_letter_file"
        constraints = [
            models.UniqueConstraint(fields=["letter", "file"], name="a_file_is_in_a_letter_once"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"file {self.file_id} of letter {self.letter_id}"


class CaseWords(models.Model):
    """The words of a case's letters, applicants and numbers. Made by `actions.words` alone."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    words = SearchVectorField()

    class Meta:
        db_table = "cases_words"
        indexes = [GinIndex(fields=["words"], name="cases_by_words", fastupdate=False)]

    def __str__(self) -> str:
        return f"words of {self.case_id}"
