"""How well and how quickly readings are read out of short messages: the collection of odd ones, read again and again.

The floor of the time is making the same texts plain, which every reader must do.
"""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from svet.domains import metering
from svet.domains.metering.rules.texting import corpus
from svet.domains.metering.rules.texting.letters import plain
from svet.surfaces.console.bench import Figure

MESSAGES = Path(metering.__file__).parent / "data" / "messages.txt"


def run(size: int, *, at: datetime) -> dict[str, Figure]:
    """Read the collection some `size` / 1,000 times and count what came of it."""
    text = MESSAGES.read_text()
    examples, rounds = list(corpus.examples(text)), max(size // 1_000, 1)
    began = time.perf_counter()
    for _ in range(rounds):
        for one in examples:
            corpus.told(one)
    read = time.perf_counter()
    for _ in range(rounds):
        for one in examples:
            plain(one.text)
    ended, score, count = time.perf_counter(), corpus.score(text), len(examples) * rounds
    return {
        "messages of the collection": Figure(score.total, "messages"),
        "clear to people": Figure(score.meant, "messages"),
        "of them taken at once": Figure(score.taken_per_mille / 10, "%"),
        "posted wrongly": Figure(score.wrong, "messages"),
        "read": Figure.against(count / (read - began), floor=count / (ended - read), unit="messages/s"),
    }
