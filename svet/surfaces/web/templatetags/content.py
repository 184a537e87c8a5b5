"""What the templates of written pages ask for: the live parts by name, files' addresses."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from svet.infra import clock
from svet.surfaces.web import live_parts

register = template.Library()


@register.simple_tag(takes_context=True)
def live_part(context: Any, name: str) -> SafeString:
    """Draw a live part of today."""
    chosen, data = live_parts.shown(name, on=clock.today())
    return render_to_string(chosen, data, request=context.get("request"))
