"""Which of the shipped texts were ever brought here, so that what editors took away does not come back."""

from __future__ import annotations

from django.db import models


class ShippedPage(models.Model):
    """A page of the shipped texts that was brought once, whatever became of it: `slug` as shipped, on its shelf."""

    shelf = models.CharField(max_length=20)
    slug = models.CharField(max_length=255)

    class Meta:
        db_table = "content_shipped_page"
        constraints = [models.UniqueConstraint(fields=["shelf", "slug"], name="a_shipped_page_is_brought_once")]

    def __str__(self) -> str:
        return f"{self.shelf}/{self.slug}"
