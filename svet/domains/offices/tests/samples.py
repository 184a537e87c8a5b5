"""The sample document of an invented town with the facts a person reads in it, and the real one where it is at hand."""

import os
from pathlib import Path

import yaml

from svet.domains.offices.rules.facts import StandardFacts, from_document

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
SAMPLE = HERE / "sample_standard.txt"
SHIPPED = HERE.parent / "data" / "offices.yaml"
TEXT = SAMPLE.read_text(encoding="utf-8")


def facts_of(path: Path) -> StandardFacts:
    return from_document(yaml.safe_load(path.read_text(encoding="utf-8")))


def documents() -> list[tuple[Path, Path]]:
    """The sample, and the Standard itself in SVET_STANDARD_DIR or beside the project; each with its facts."""
    folders = [Path(os.environ.get("SVET_STANDARD_DIR", "")), ROOT.parent / "shared" / "standard"]
    at_hand = [folder / "standard.ru.txt" for folder in folders if (folder / "standard.ru.txt").is_file()]
    return [(SAMPLE, HERE / "sample_facts.yaml"), *((path, SHIPPED) for path in at_hand)]
