"""Words by which people look for the same thing: «квитанция» for what the site calls «счёт»."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models


class SameWords(models.Model):
    """A group of words with one meaning for the search, with commas between; an expression of more words is one."""

    words = models.CharField(max_length=300, unique=True)

    class Meta:
        db_table = "content_same_words"

    def __str__(self) -> str:
        return self.words

    def clean(self) -> None:
        """Refuse a group that joins nothing."""
        if sum(bool(one.strip()) for one in self.words.split(",")) < 2:
            raise ValidationError({"words": "Напишите через запятую хотя бы два слова"})
