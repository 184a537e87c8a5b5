"""Editing of reference data in Django's admin: one base class that names things in Russian, asks why and audits.

Only true reference data is registered (tests/architecture/test_reference_admin.py holds it); who may enter is said by
the site (surfaces/desk/reference.py). Each edit locks its row and leaves an audit record with before and after.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern

from svet.infra import audit, clock, outbox
from svet.infra.fields import ValidityField


class ReasonForm(forms.ModelForm):
    """A form of reference data that asks for what the change rests on."""

    reason = forms.CharField(
        label="Основание", help_text="Приказ, письмо или другая причина. Останется в журнале.", max_length=300
    )


class ReferenceAdmin(admin.ModelAdmin):
    """One table of reference data. `words` names the table ("one", "many") and its fields by their code names."""

    words: ClassVar[Mapping[str, str]] = {}
    adds = changes = deletes = False
    fixed: ClassVar[tuple[str, ...]] = ()
    """Fields that others refer to: given once, with the row, and never changed."""

    form = ReasonForm
    actions = None
    list_per_page = 100
    view_on_site = False

    def __init__(self, model: type[Model], site: admin.AdminSite) -> None:
        options: Any = model._meta
        options.verbose_name, options.verbose_name_plural = self.words["one"], self.words["many"]
        for field in options.fields:
            field.verbose_name = self.words.get(field.name, field.verbose_name)
        super().__init__(model, site)

    def get_urls(self) -> list[URLPattern]:
        """Return the pages that have names; the old address of a change is left out."""
        return [pattern for pattern in super().get_urls() if pattern.name]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Leave the question to the site's door."""
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Leave the question to the site's door."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether rows are added here."""
        return self.adds

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether rows are changed here."""
        return self.changes

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Say whether rows are deleted here."""
        return self.deletes

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """Return what cannot be typed: the fixed fields of a row that exists already."""
        return self.fixed if obj is not None else ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> list[Any]:
        """Return the fields of the form, the reason last and only where something can be changed."""
        fields = [name for name in super().get_fields(request, obj) if name != "reason"]
        return [*fields, "reason"] if (self.changes if obj is not None else self.adds) else fields

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **more: Any) -> Any:
        """Return the field of the form; both days of a validity say which they are."""
        found = super().formfield_for_dbfield(db_field, request, **more)
        if isinstance(db_field, ValidityField) and found is not None:
            found.help_text = "Первый день и первый день, когда уже не действует. Второй пуст — бессрочно."
            for widget, said in zip(found.widget.widgets, ("Первый день", "Первый день без действия"), strict=True):
                widget.attrs |= {"aria-label": said, "placeholder": said}
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row, locked when something is sent: two who change it at once follow one another."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        return self.get_queryset(request).select_for_update().filter(pk=found.pk).first()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write the row, the audit record with before and after, and the fact."""
        if not (self.changes if change else self.adds):
            raise PermissionDenied
        names = [name for name in form.changed_data if name != "reason"]
        before = {name: _text(form.initial.get(name)) for name in names} if change else {}
        super().save_model(request, obj, form, change)
        after = {name: _text(getattr(obj, name)) for name in names}
        tell("change" if change else "add", obj, before=before, after=after, reason=form.cleaned_data["reason"])

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete the row and tell what it was."""
        before = {field.name: _text(getattr(obj, field.attname)) for field in obj._meta.fields}
        kept = obj.pk
        super().delete_model(request, obj)
        obj.pk = kept
        tell("delete", obj, before=before)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Refuse: rows are deleted one by one, so that each is told."""
        raise PermissionDenied


def tell(
    how: str,
    obj: Model,
    *,
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
    reason: str = "",
) -> None:
    """Write the audit record of a change of reference data ("add", "change", "delete") and the fact."""
    kind, at = obj._meta.label_lower, clock.now()
    data = {"before": before or {}, "after": after or {}}
    audit.record(f"reference.{how}", target_kind=kind, target_id=obj.pk, at=at, data=data, reason=reason)
    outbox.record("reference.changed", at=at, payload={"kind": kind, "id": obj.pk, "how": how})


def _text(value: object) -> str:
    return "" if value is None else str(value)
