"""The words of the search that mean the same: whoever keeps reference data adds what people ask by."""

from django.contrib import admin

from svet.domains.content.models import SameWords
from svet.infra.reference import ReferenceAdmin


@admin.register(SameWords)
class SameWordsAdmin(ReferenceAdmin):
    words = {
        "one": "слова с одним смыслом",
        "many": "поиск: слова с одним смыслом",
        "words": "слова через запятую",
    }
    adds = changes = deletes = True
    list_display = ("words",)
    ordering = ("words",)
