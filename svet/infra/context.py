"""Who is acting and from where, set by a surface or a job and read by audit and logging."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person ("user", id), a background job ("job", name) or a gate ("gate", code)."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Context:
    """The actor, the request's id and the address it came from."""

    actor: Actor
    request_id: str = ""
    address: str = ""


SYSTEM = Context(Actor("system", "svet"))
_current: ContextVar[Context] = ContextVar("svet_context", default=SYSTEM)


def current() -> Context:
    """Return the context of what runs now; `SYSTEM` when nobody set one."""
    return _current.get()


@contextmanager
def acting(context: Context) -> Iterator[None]:
    """Set the context for the block."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
