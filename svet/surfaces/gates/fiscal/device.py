"""What any fiscal device must be able to do, and what it may answer. A protocol is a module beside this one.

A device is asked by a UUID that we decide: the same UUID asked twice is one document, and its answer can be fetched
by whoever comes after a process that was killed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from svet.domains.payments.actions import Registered
from svet.domains.payments.rules.tills import TaskKind


@dataclass(frozen=True, slots=True)
class Task:
    """What to do; amounts in `payload` are texts with a point and kopecks."""

    kind: TaskKind
    payload: Mapping[str, Any]
    cashier: str


@dataclass(frozen=True, slots=True)
class NotYet:
    """The device knows the task and has not finished; `problem` says when somebody must help it."""

    problem: str = "busy"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The device never heard of this UUID."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """The device did not carry the task out and will not: nothing was registered. `problem` is a code for words."""

    problem: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The task is carried out: with a document, or with what was counted."""

    document: Registered | None
    answer: Mapping[str, Any]


Answer = NotYet | Unknown | Refusal | Done


class Silent(Exception):
    """The device does not answer, or not in its protocol; whether it did anything is unknown. `problem` for words."""

    def __init__(self, problem: str = "silent") -> None:
        super().__init__(problem)
        self.problem = problem


class FiscalDevice(Protocol):
    """A fiscal device behind its protocol."""

    def ask(self, uuid: UUID, task: Task) -> Refusal | None:
        """Hand over a task; a UUID that the device knows already changes nothing. Raises Silent."""

    def answer(self, uuid: UUID) -> Answer:
        """Return what became of a task. Raises Silent."""
