"""The pages of the desk, by kind of work."""

from svet.surfaces.desk.views.accounts import find, why
from svet.surfaces.desk.views.log import access_log
from svet.surfaces.desk.views.money import assign, unidentified
from svet.surfaces.desk.views.readings import held_readings, review
from svet.surfaces.desk.views.start import home

__all__ = [
    "access_log",
    "assign",
    "find",
    "held_readings",
    "home",
    "review",
    "unidentified",
    "why",
]
