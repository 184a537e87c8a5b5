"""The typesetter: typst with our fonts alone, one compiler per thread, data as JSON and never as source text.

Typst's threads do not survive a fork: a child forked after the parent has typeset would wait for ever. Such a
child is refused at once; pools that print start with `spawn`.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
TYPESETTING = HERE / "typesetting"

_own = threading.local()


class _Process:
    """What this process must know about itself: whether it was forked off one that had typeset already."""

    has_typeset = False
    is_spoilt = False

    @classmethod
    def note_fork(cls) -> None:
        cls.is_spoilt = cls.is_spoilt or cls.has_typeset


os.register_at_fork(after_in_child=_Process.note_fork)


class TypesettingFailed(RuntimeError):
    """A document cannot be typeset, or would be printed with something missing."""


def pdf(template: str, data: Mapping[str, Any], *, made_at: datetime, tagged: bool = True) -> bytes:
    """Return the PDF that the template makes of `data` (JSON-safe values).

    Raise TypesettingFailed on an error or a warning: a warning means a glyph or a font that is not there. `made_at`
    is written into the file, so that the same document gives the same bytes.
    """
    if _Process.is_spoilt:
        raise TypesettingFailed("this process was forked after typesetting; start it with spawn")
    _Process.has_typeset = True
    try:
        made, warnings = _compiler(template).compile_with_warnings(
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=int(made_at.timestamp()),
            pdf_standards=["ua-1"] if tagged else [],
            pdf_tags=tagged,
            format="pdf",
        )
    except typst.TypstError as error:
        raise TypesettingFailed(f"{template}: {error.message} {error.hints}") from error
    if warnings:
        raise TypesettingFailed(f"{template}: {'; '.join(str(warning) for warning in warnings)}")
    if not isinstance(made, bytes):
        raise TypesettingFailed(f"{template}: no document came out")
    return made


def _compiler(template: str) -> typst.Compiler:
    """Return this thread's compiler of a template: two threads cannot use one, and making one costs milliseconds."""
    compilers: dict[str, typst.Compiler] = _own.__dict__.setdefault("compilers", {})
    if template not in compilers:
        compilers[template] = typst.Compiler(str(TYPESETTING / template), root=str(TYPESETTING), font_paths=fonts())
    return compilers[template]


@cache
def fonts() -> typst.Fonts:
    """Return our fonts and no others; reading them from disk happens once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
