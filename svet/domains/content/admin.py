"""The words of the search that mean the same: editors keep them beside the pages, in Wagtail's workplace.

Wagtail's groups, which mirror our rights (`actions/preparing.py`), say who may. Each change leaves an audit record.
"""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import hooks
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminAutoHeightTextInput

from svet.domains.content.models import SameWords
from svet.domains.content.queries.same_words import groups_by_stem, stems_of
from svet.domains.content.rules.same_words import MOST_WORDS_OF_TERM, Mistake, Wrong, mistakes, terms_in
from svet.infra import reference

SAID = {
    Wrong.FEW: "Напишите через запятую хотя бы два слова.",
    Wrong.NO_WORD: "«{term}» — не слово: нужны буквы, между ними можно пробел или дефис.",
    Wrong.LONG: f"«{{term}}» — слишком длинно: поиск узнаёт выражения не длиннее {MOST_WORDS_OF_TERM} слов.",
    Wrong.PASSED_OVER: "«{term}» поиск пропускает: это слово есть почти в каждом тексте.",
    Wrong.TWICE: "«{term}» написано дважды.",
    Wrong.SAME_IN_FORMS: "«{term}» — то же слово, что «{other}»: поиск знает все его формы.",
    Wrong.ELSEWHERE: "«{term}» уже есть в наборе «{other}»: допишите слова туда.",
}
"""Wagtail puts all that is wrong into one paragraph: each is a sentence."""


class SameWordsForm(WagtailAdminModelForm):
    class Meta:
        model = SameWords
        fields = ("words",)
        widgets = {"words": AdminAutoHeightTextInput}
        error_messages = {"words": {"required": SAID[Wrong.FEW]}}

    def clean_words(self) -> str:
        terms = terms_in(self.cleaned_data["words"])
        found = mistakes(terms, stems=stems_of(terms), others=groups_by_stem(but=self.instance))
        if found:
            raise ValidationError([_said(one) for one in found])
        return ", ".join(terms)


def _said(mistake: Mistake) -> str:
    return SAID[mistake.wrong].format(term=mistake.term, other=mistake.other)


class SameWordsIndexView(generic.IndexView):
    add_item_label = "Добавить"


class SameWordsCreateView(generic.CreateView):
    success_message = "Поиск уже знает: %(object)s."
    error_message = "Не сохранено: исправьте то, что отмечено ниже."

    def save_instance(self) -> Any:
        added = super().save_instance()
        reference.tell("add", added, after={"words": added.words})
        return added


class SameWordsEditView(generic.EditView):
    success_message = "Поиск уже знает: %(object)s."
    error_message = "Не сохранено: исправьте то, что отмечено ниже."

    def save_instance(self) -> Any:
        before = {"words": self.form.initial["words"]}
        changed = super().save_instance()
        if self.has_content_changes:
            reference.tell("change", changed, before=before, after={"words": changed.words})
        return changed


class SameWordsDeleteView(generic.DeleteView):
    success_message = "Удалено: %(object)s. Поиск больше не связывает эти слова."
    confirmation_message = "Удалить этот набор? Поиск перестанет связывать его слова."

    def delete_action(self) -> None:
        reference.tell("delete", self.object, before={"words": self.object.words})
        super().delete_action()


class SameWordsViewSet(ModelViewSet):
    model = SameWords
    name = "synonyms"
    icon = "search"
    menu_label = "Синонимы поиска"
    menu_order = 300
    add_to_admin_menu = True
    add_to_reference_index = copy_view_enabled = False
    list_display = ("words",)
    ordering = "words"
    list_per_page = 100
    index_view_class = SameWordsIndexView
    add_view_class = SameWordsCreateView
    edit_view_class = SameWordsEditView
    delete_view_class = SameWordsDeleteView

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        # No page refers to these words: there is no use of them to show.
        return super().get_common_view_kwargs(**kwargs) | {"usage_url_name": None}

    def get_form_class(self, for_update: bool = False) -> type[SameWordsForm]:
        return SameWordsForm


@hooks.register("register_admin_viewset")
def same_words() -> SameWordsViewSet:
    return SameWordsViewSet()
