"""The way of an application for a contract: its stages and which may follow which (clause W2). Pure.

received ─▶ documents checked ─▶ contract drafted ─▶ contract sent ─▶ concluded
│  ▲                   │                  │
▼  │                   ├──────────────────┴────────▶ declined
papers are lacking ─────────┘
"""

from __future__ import annotations

from enum import StrEnum

SUBJECT = "contract_new"
"""The subject of the register that makes a case an application."""


class ApplicationStage(StrEnum):
    """Where an application stands. It is received when its case is registered."""

    RECEIVED = "application_received"
    DOCUMENTS = "application_documents"
    LACKING = "application_lacking"
    DRAFTED = "application_drafted"
    SENT = "application_contract_sent"
    CONCLUDED = "application_concluded"
    DECLINED = "application_declined"


S = ApplicationStage

FOLLOWING: dict[ApplicationStage, tuple[ApplicationStage, ...]] = {
    S.RECEIVED: (S.DOCUMENTS, S.LACKING, S.DECLINED),
    S.DOCUMENTS: (S.DRAFTED, S.LACKING, S.DECLINED),
    S.LACKING: (S.DOCUMENTS, S.DRAFTED, S.DECLINED),
    S.DRAFTED: (S.SENT, S.LACKING, S.DECLINED),
    S.SENT: (S.CONCLUDED, S.DRAFTED, S.DECLINED),
    S.CONCLUDED: (),
    S.DECLINED: (),
}
NEEDS_WORDS = frozenset({S.LACKING, S.DECLINED})
"""Stages that say nothing without words: which papers are lacking, why no contract is made."""


def may_follow(stage: ApplicationStage, *, now: ApplicationStage) -> bool:
    """Say whether an application that stands so may go to the stage.

    >>> may_follow(S.CONCLUDED, now=S.RECEIVED), may_follow(S.LACKING, now=S.DRAFTED)
    (False, True)
    """
    return stage in FOLLOWING[now]
