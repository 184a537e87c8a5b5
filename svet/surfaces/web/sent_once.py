"""What a browser sends again word for word soon after is the same letter, even from a form opened anew.

A form's own key makes two presses one letter. Who goes back after sending gets the form with a new key and, in most
browsers, with his words: he presses again and would have a second number. So the session remembers for a while what
was sent under which key. Only this browser's own letters are compared: nobody is shown what another one sent.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.http import HttpRequest

from svet.infra.files import FileInfo

SENT, MOST_KEPT, SAME_WITHIN = "sent_letters", 20, timedelta(hours=1)
NOT_SAID = frozenset({"request_key", "mark", "sum", "website", "scans"})
"""Fields by which a form knows itself or its sender; all others are what he says."""


def key_of(
    request: HttpRequest,
    form: forms.Form,
    form_key: str,
    *,
    at: datetime,
    files: Iterable[FileInfo] = (),
    about: str = "",
) -> str:
    """Return the key of a letter: that of the same letter sent within the hour, else the form's own.

    The same letter: the same page and `about`, every field alike, no file that was not with it. Another letter under a
    key that was used already (the page was kept by the browser, its words changed) gets a key of its own.
    """
    said = {name: value for name, value in form.cleaned_data.items() if name not in NOT_SAID}
    words = json.dumps([request.path, about, sorted(said.items())], default=str, ensure_ascii=False)
    digest, given = (
        hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest(),
        sorted({one.sha256 for one in files}),
    )
    since = (at - SAME_WITHIN).timestamp()
    kept = [one for one in request.session.get(SENT, []) if one["at"] >= since]
    for one in kept:
        if one["said"] == digest and set(given) <= set(one["files"]):
            return str(one["key"])
    key = uuid.uuid4().hex if any(one["key"] == form_key for one in kept) else form_key
    new = {"said": digest, "files": given, "key": key, "at": at.timestamp()}
    request.session[SENT] = [*kept, new][-MOST_KEPT:]
    return key
