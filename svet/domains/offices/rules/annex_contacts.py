"""Annex 2: lines "name: value" — the postal address, phone lines with their hours, e-mail and pages of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator

from svet.domains.offices.rules import Audience
from svet.domains.offices.rules.facts import ContactFacts, PhoneFacts
from svet.domains.offices.rules.text_lines import TIME, WEEKDAY, Line, label_of, read_time, read_weekdays
from svet.kernel.findings import Finding, Level

LABELS = {
    "адрес для почтовых отправлений": "postal_address",
    "e-mail": "email",
    "email": "email",
    "электронная почта": "email",
    "web site": "website",
    "сайт": "website",
    "информация о способах передачи показаний приборов учета": "readings_url",
    "информация о способах оплаты": "payment_url",
    "обратная связь": "feedback_url",
    "личный кабинет": "cabinet_url",
    "адреса офисов обслуживания клиентов": "offices_url",
}
PHONES = {"для физических лиц": Audience.INDIVIDUALS, "для юридических лиц": Audience.LEGAL_ENTITIES}
HEADINGS = {"телефон", "телефоны"}
NEEDED = ("email", "website")
LENGTHS = {"postal_address": 255, "email": 254}
MAIL = re.compile(r"[\w.+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
PAGE = re.compile(r"https?://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?(/[^\s\"'<>\\]*)?", re.ASCII)
NUMBER = re.compile(r"(?:\+7|8)[ ()0-9-]+")
SCHEDULE = re.compile(
    rf"график работы ?: ?(?:{WEEKDAY} ?- ?{WEEKDAY}|ежедневно) ?:? ?{TIME} ?- ?{TIME}\.?", re.IGNORECASE
)


def read_contacts(lines: list[Line]) -> tuple[ContactFacts, list[PhoneFacts], list[Finding]]:
    """Return the contacts, the phone lines in their order, and what could not be understood."""
    found: dict[str, str] = {}
    phones: list[PhoneFacts] = []
    findings: list[Finding] = []
    for line in (line for line in lines if line.text):
        label = label_of(line.text)
        value = line.text.partition(":")[2].strip()
        if label in PHONES:
            lines_of, wrong = _phones(PHONES[label], line, value)
            phones += lines_of
            findings += wrong
        elif label in LABELS and LABELS[label] not in found:
            findings += _value(LABELS[label], value, line)
            found[LABELS[label]] = value
        elif label not in HEADINGS or value:
            findings.append(Finding("S12", Level.NOTE, {"line": line.number, "text": line.text[:200]}))
    findings += _missing(found, phones)
    return ContactFacts(**found), phones, findings


def _value(name: str, value: str, line: Line) -> Iterator[Finding]:
    form = MAIL if name == "email" else PAGE if name != "postal_address" else re.compile(r".+")
    if not form.fullmatch(value):
        yield _refuse("S10", line)
    if len(value) > LENGTHS.get(name, 200):
        yield _refuse("S14", line)


def _phones(audience: Audience, line: Line, value: str) -> tuple[list[PhoneFacts], list[Finding]]:
    parts = [part.strip() for part in value.split(",") if part.strip()]
    schedule = SCHEDULE.fullmatch(parts[-1]) if parts else None
    numbers = parts[:-1]
    if schedule is None or not numbers or not all(_is_number(number) for number in numbers):
        return [], [_refuse("S09", line)]
    weekdays = read_weekdays(schedule[1], schedule[2]) if schedule[1] else range(1, 8)
    opens_at, closes_at = read_time(schedule[3], schedule[4]), read_time(schedule[5], schedule[6])
    if weekdays is None or opens_at is None or closes_at is None or opens_at >= closes_at:
        return [], [_refuse("S09", line)]
    unique = dict.fromkeys(numbers)
    return [PhoneFacts(audience, n, weekdays[0], weekdays[-1], opens_at, closes_at) for n in unique], []


def _is_number(text: str) -> bool:
    digits = re.sub(r"[^0-9]", "", text)
    return bool(NUMBER.fullmatch(text)) and len(digits) == 11 and len(text) <= 30


def _missing(found: dict[str, str], phones: list[PhoneFacts]) -> Iterator[Finding]:
    missing = [name for name in NEEDED if not found.get(name)]
    missing += [f"phones_{a.value}" for a in Audience if not any(p.audience is a for p in phones)]
    if missing:
        yield Finding("S11", Level.REFUSE, {"missing": missing})


def _refuse(code: str, line: Line) -> Finding:
    return Finding(code, Level.REFUSE, {"line": line.number, "text": line.text[:200]})
