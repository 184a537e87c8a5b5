"""What an appeal must say (clause A3), by the kind of applicant and subject; how secret parts are shown. Pure.

Appeals on quality and reliability need more (Resolution 55 of 2024, dossier 5.2): date and place of birth, passport.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from svet.domains.cases.rules.register import ORGANISATIONS, ApplicantKind


class Needed(StrEnum):
    """What can be missing."""

    NAME = "applicant_name"
    ANSWER_ADDRESS = "answer_address"
    ACCOUNT = "account_or_contract"
    SUPPLY_ADDRESS = "supply_address"
    BIRTH = "birth_date_and_place"
    PASSPORT = "passport_number"
    VIOLATED_AT = "violation_time"
    DEMANDS = "demands"


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who applies, as he says it. `name` is the full name or the organisation's title; empty texts were not told."""

    kind: ApplicantKind = ApplicantKind.UNKNOWN
    name: str = ""
    email: str = ""
    phone: str = ""
    postal_address: str = ""
    account_number: str = ""
    contract_number: str = ""
    supply_address: str = ""
    customer_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is kept sealed; `passport` is series and number, `born_on` as written."""

    born_on: str = ""
    born_at: str = ""
    passport: str = ""


@dataclass(frozen=True, slots=True)
class Quality:
    """What an appeal on quality says beside: when it was violated, what is demanded."""

    violated_at: str = ""
    demands: str = ""


def missing(
    applicant: Applicant,
    *,
    needs_more: bool = False,
    is_placed: bool = False,
    is_newcomer: bool = False,
    secrets: Secrets | None = None,
    quality: Quality | None = None,
) -> tuple[Needed, ...]:
    """Return what an appeal does not say and must; `needs_more` for subjects of quality and reliability.

    `is_placed`: the account is known to us, and with it the place. `is_newcomer`: he has no account yet.

    >>> [one.value for one in missing(Applicant(name="Смирнова Анна", email="a@example.org"))]
    ['account_or_contract', 'supply_address']
    """
    secrets, quality = secrets or Secrets(), quality or Quality()
    is_organisation = applicant.kind in ORGANISATIONS
    asked = [
        (Needed.NAME, has_name(applicant)),
        (Needed.ANSWER_ADDRESS, bool(applicant.email or applicant.postal_address)),
        (Needed.ACCOUNT, is_newcomer or bool(applicant.account_number or applicant.contract_number)),
        (Needed.SUPPLY_ADDRESS, is_placed or bool(applicant.supply_address)),
    ]
    if needs_more:
        asked += [
            (Needed.BIRTH, is_organisation or bool(secrets.born_on and secrets.born_at)),
            (Needed.PASSPORT, is_organisation or bool(secrets.passport)),
            (Needed.VIOLATED_AT, bool(quality.violated_at)),
            (Needed.DEMANDS, bool(quality.demands)),
        ]
    return tuple(needed for needed, is_told in asked if not is_told)


def has_name(applicant: Applicant) -> bool:
    """Say whether the applicant is named: a person by two words at least, an organisation by its title.

    >>> has_name(Applicant(name="Анна")), has_name(Applicant(kind=ApplicantKind.COMPANY, name="ООО Ромашка"))
    (False, True)
    """
    words = re.findall(r"[^\W\d_]+", applicant.name)
    return bool(words) if applicant.kind in ORGANISATIONS else len(words) >= 2


def is_unnamed(applicant: Applicant) -> bool:
    """Say whether nobody could be found by what is told: no name and no account."""
    return not applicant.name.strip() and not applicant.account_number and applicant.customer_id is None


def masked_secret(text: str) -> str:
    """Return a secret as it is shown: its last two characters.

    >>> masked_secret("1705 123456"), masked_secret("")
    ('••••56', '')
    """
    return f"••••{text[-2:]}" if text else ""
