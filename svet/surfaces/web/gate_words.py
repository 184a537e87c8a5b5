"""The words of gates for those who look after them: their names, what they do, what went wrong last."""

from __future__ import annotations

from svet.flows import service_status as gates
from svet.flows.service_status import GateHealth
from svet.surfaces.web import gis_words, message_words, till_words

NAMES: dict[str, str] = {
    gates.MAIL: "Письма нам по электронной почте",
    gates.LETTERS: "Письма от нас",
    gates.SMS: "СМС нам",
    gates.TEXTS: "СМС от нас",
    gates.GIS: "Обмен с ГИС ЖКХ",
    gates.RECEIPTS: "Чеки касс",
}


def problem(gate: GateHealth) -> str:
    """Return what went wrong last at a gate; empty where nothing did."""
    if not gate.problem:
        return ""
    if gate.problem == "mailbox":
        return f"Почтовый ящик не отвечает ({gate.problem_text})"
    if gate.problem == "not_read":
        return "Сообщение не удалось прочитать: оно сохранено"
    if gate.code == gates.GIS:
        return " ".join(part for part in (f"{gis_words.problem(gate.problem)}.", gate.problem_text) if part)
    if gate.code == gates.RECEIPTS:
        return till_words.problem(gate.problem, text=gate.problem_text)
    said = message_words.why(gate.problem)
    return said[:1].upper() + said[1:]
