"""Words by which people look for the same thing: «квитанция» for what the site calls «счёт»."""

from __future__ import annotations

from django.db import models


class SameWords(models.Model):
    """A group of words with one meaning for the search, with commas between; an expression of more words is one."""

    words = models.CharField(
        "Слова с одним смыслом",
        max_length=300,
        unique=True,
        help_text=(
            "Через запятую: счёт, квитанция, платёжка. Кто ищет одно из этих слов, найдёт и страницы с остальными."
            " Падежи и числа добавлять не нужно: поиск знает их сам."
        ),
    )

    class Meta:
        db_table = "content_same_words"
        verbose_name = "набор синонимов"
        verbose_name_plural = "синонимы поиска"

    def __str__(self) -> str:
        return self.words
