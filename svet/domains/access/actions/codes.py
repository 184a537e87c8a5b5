"""One-time codes: asked for, tried, used once; and what strangers tried. The code itself is never kept.

Limits are counted before anybody looks whether the person exists, and a code that opens nothing is made and tried like
any other: neither the answer nor its cost tells who is known.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from svet.domains.access import queries
from svet.domains.access.models import EntryAttempt, LiftedLimit, OneTimeCode
from svet.domains.access.rules import (
    CODE_LASTS,
    FAILURES_COUNT_FOR,
    FREE_FAILURES_PER_ADDRESS,
    FREE_FAILURES_PER_TARGET,
    LONGEST_WINDOW,
    MOST_APPEALS_PER_ADDRESS,
    MOST_CODES_PER_ADDRESS,
    MOST_CODES_PER_TARGET,
    MOST_TRIES,
    RESEND_PAUSE,
    AttemptKind,
    CodePurpose,
    pause_after_failures,
    too_many_codes,
    typed_code,
)
from svet.infra import audit, outbox
from svet.infra.locking import lock_names
from svet.kernel.errors import DomainError

MOST_CODES_PER_SUBJECT = 15
SALT = "svet.access.one_time_code"


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new code: `code` goes to its person and nowhere else, `challenge` stays with the browser that asked.

    One that opens nothing is sent to nobody.
    """

    id: int
    challenge: str
    code: str
    opens: bool


def issue_code(purpose: CodePurpose, *, target: str, subject: str, asked_from: str, at: datetime) -> IssuedCode:
    """Make a code that opens `subject` (nothing when it is empty) once; earlier ones for the target end.

    1. Whoever asks for the same target, or from the same network address, waits for his turn.
    2. Count what was asked for, by target and by network address.
    3. End the codes of this purpose and target; make the new one.

    Raises DomainError("code_asked_too_soon"), DomainError("too_many_codes"), each with `minutes` or `seconds` to wait.
    """
    with transaction.atomic():
        lock_names(f"code:{target}", f"code-from:{asked_from}")
        _within_limits(purpose, target, asked_from, at=at)
        earlier = OneTimeCode.objects.filter(target=target, purpose=purpose, used_at=None, expires_at__gt=at)
        earlier.update(expires_at=at)
        code, challenge = f"{secrets.randbelow(1_000_000):06d}", secrets.token_urlsafe(24)
        if _asked_for(subject, at=at) >= MOST_CODES_PER_SUBJECT:
            subject = ""  # asked by many names of one person; who is nobody would not be told either
        made = OneTimeCode.objects.create(
            challenge=challenge,
            purpose=purpose,
            target=target[:255],
            subject=subject,
            code_hash=_hash(challenge, code),
            asked_from=asked_from,
            created_at=at,
            expires_at=at + CODE_LASTS,
        )
    return IssuedCode(made.pk, challenge, code, opens=bool(subject))


def redeem_code(challenge: str, *, purpose: CodePurpose, typed: str, at: datetime) -> str:
    """Use up the code and return its subject. It is used once, by whoever is first.

    A wrong code is counted and stays counted: call this outside of a transaction that may be rolled back.

    Raises DomainError("code_is_not_six_digits"), which counts nothing, DomainError("code_did_not_match") with the tries
    `left`, DomainError("code_is_over") for one that expired, was used, was tried too often or replaced by a newer one,
    or is not for this browser.
    """
    digits = typed_code(typed)
    if digits is None:
        raise DomainError("code_is_not_six_digits")
    with transaction.atomic():
        found = OneTimeCode.objects.select_for_update().filter(challenge=challenge, purpose=purpose).first()
        if found is None or found.used_at is not None or found.expires_at <= at or found.failures >= MOST_TRIES:
            raise DomainError("code_is_over")
        is_right = hmac.compare_digest(found.code_hash, _hash(challenge, digits)) and bool(found.subject)
        if is_right:
            found.used_at = at
        else:
            found.failures += 1
        found.save(update_fields=["used_at", "failures"])
    if not is_right:
        left = MOST_TRIES - found.failures
        raise DomainError("code_did_not_match", left=left) if left else DomainError("code_is_over")
    return found.subject


def check_attempts(
    kind: AttemptKind, *, target: str, asked_from: str, at: datetime, free_failures: int = FREE_FAILURES_PER_ADDRESS
) -> None:
    """Raise DomainError("too_many_attempts", minutes=…) when failures about the target or from the address say wait.

    `free_failures`: how many failures from the address make nobody wait.
    """
    recent = EntryAttempt.objects.filter(kind=kind, succeeded=False, at__gt=at - FAILURES_COUNT_FOR)
    waits = []
    for failures, free in (
        (recent.filter(target=target, at__gt=queries.lifted_at(target, at=at)), FREE_FAILURES_PER_TARGET),
        (recent.filter(asked_from=asked_from), free_failures),
    ):
        moments = list(failures.order_by("-at").values_list("at", flat=True))
        if moments:
            waits.append(moments[0] + pause_after_failures(len(moments), free=free) - at)
    wait = max(waits, default=timedelta(0))
    if wait > timedelta(0):
        raise DomainError("too_many_attempts", minutes=_minutes(wait))


def check_sent(kind: AttemptKind, *, asked_from: str, at: datetime) -> None:
    """Raise DomainError("too_many_attempts", minutes=…) when the address sent as many forms as it may for now."""
    sent = EntryAttempt.objects.filter(kind=kind, asked_from=asked_from, succeeded=True, at__gt=at - LONGEST_WINDOW)
    wait = too_many_codes(list(sent.values_list("at", flat=True)), limits=MOST_APPEALS_PER_ADDRESS, at=at)
    if wait is not None:
        raise DomainError("too_many_attempts", minutes=_minutes(wait))


def record_attempt(kind: AttemptKind, *, target: str, asked_from: str, succeeded: bool, at: datetime) -> None:
    """Note an attempt, right or wrong, and audit it."""
    with transaction.atomic():
        EntryAttempt.objects.create(at=at, kind=kind, target=target[:60], asked_from=asked_from, succeeded=succeeded)
        data = {"succeeded": succeeded, "from": asked_from}
        audit.record(f"access.{kind.value}", target_kind="attempt", target_id=target[:60], at=at, data=data)


def lift_limits(targets: Sequence[str], *, account_id: int, by: int, reason: str, at: datetime) -> None:
    """Let who is meant by these names ask for codes and try facts again at once; limits of network addresses stay.

    Who is meant was identified before. Raises DomainError("lifting_needs_a_reason").
    """
    if not reason.strip():
        raise DomainError("lifting_needs_a_reason")
    with transaction.atomic():
        lock_names(*(f"code:{target}" for target in sorted(targets)))
        LiftedLimit.objects.bulk_create(LiftedLimit(target=target, at=at, lifted_by_id=by) for target in targets)
        audit.record(
            "access.lift_limits",
            target_kind="account",
            target_id=account_id,
            at=at,
            account_id=account_id,
            data={"names": len(targets)},
            reason=reason.strip(),
        )
        outbox.record("access.limits_lifted", at=at, account_id=account_id, payload={"names": len(targets)})


def forget_codes(*, at: datetime) -> int:
    """Delete the codes that no limit counts any more; return how many. What was done with them is in the audit."""
    return OneTimeCode.objects.filter(created_at__lt=at - 2 * LONGEST_WINDOW).delete()[0]


def _within_limits(purpose: CodePurpose, target: str, asked_from: str, *, at: datetime) -> None:
    recent = OneTimeCode.objects.filter(created_at__gt=at - LONGEST_WINDOW)
    since_lifted = recent.filter(target=target, created_at__gt=queries.lifted_at(target, at=at))
    asked = list(since_lifted.values_list("created_at", flat=True))
    from_there = list(recent.filter(asked_from=asked_from).values_list("created_at", flat=True))
    waits = [
        too_many_codes(asked, limits=MOST_CODES_PER_TARGET, at=at),
        too_many_codes(from_there, limits=MOST_CODES_PER_ADDRESS, at=at),
    ]
    longest = max((wait for wait in waits if wait is not None), default=None)
    if longest is not None:
        raise DomainError("too_many_codes", minutes=_minutes(longest))
    same = recent.filter(target=target, purpose=purpose).order_by("-created_at")
    last = same.values_list("created_at", flat=True).first()
    if last is not None and last + RESEND_PAUSE > at:
        seconds = (last + RESEND_PAUSE - at).total_seconds()
        raise DomainError("code_asked_too_soon", seconds=max(1, round(seconds)))


def _asked_for(subject: str, *, at: datetime) -> int:
    recent = OneTimeCode.objects.filter(created_at__gt=queries.lifted_at(subject, at=at))
    return recent.filter(subject=subject).exclude(subject="").count()


def _hash(challenge: str, code: str) -> str:
    return salted_hmac(SALT, f"{challenge}:{code}", algorithm="sha256").hexdigest()


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))
