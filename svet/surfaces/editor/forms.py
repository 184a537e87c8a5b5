"""The form of a file: what it is, its content says, before anything is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from wagtail.documents.forms import BaseDocumentForm

from svet.infra.file_kinds import FileRefused, media_type_of
from svet.infra.files import clean_name
from svet.surfaces.web import messages


class DocumentForm(BaseDocumentForm):
    """A file for the site."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = filesizeformat(settings.WAGTAILDOCS_MAX_UPLOAD_SIZE)
        self.fields["file"].help_text = f"PDF, JPEG или PNG не больше {most}"

    def clean_file(self) -> Any:
        """Return the file; refuse what lies about itself, in words."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data:
            return file
        try:
            media_type_of(file.read(), name=clean_name(file.name))
        except FileRefused as error:
            raise forms.ValidationError(messages.of_error(error)) from error
        finally:
            file.seek(0)
        return file
