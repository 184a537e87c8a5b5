"""`svet load-reference`: load the shipped reference data. Adds what is absent, changes nothing; safe to repeat."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand

from svet.domains.benefits import actions as benefits
from svet.domains.cases import actions as cases
from svet.domains.content import actions as content
from svet.domains.debts import actions as debts
from svet.domains.notifications import actions as notifications
from svet.domains.offices import actions as offices
from svet.domains.tariffs import actions as tariffs
from svet.domains.visits import actions as visits
from svet.infra import clock


class Command(BaseCommand):
    help = "Загрузить справочные данные: офисы, тарифы, нормы, НДС, календарь, ставки, льготы, темы (можно повторять)"

    def handle(self, *args: Any, **options: Any) -> None:
        at = clock.now()
        loaded = tariffs.load_reference(at=at)
        terms = debts.load_reference(at=at)
        appeals = cases.load_reference(at=at)
        quiet = notifications.load_reference(at=at)
        kinds = benefits.load_kinds(at=at)
        changes = offices.load_reference(at=at)
        hall = visits.load_reference(at=at)
        pages = content.load_reference(at=at)
        counts = {
            "версий тарифов": loaded.versions,
            "социальных норм": loaded.social_norms,
            "нормативов потребления": loaded.consumption_norms,
            "ставок НДС": loaded.vat_rates,
            "правил расчёта": loaded.policies,
            "выходных дней": loaded.days_off,
            "ставок, пределов и мораториев для пеней": terms,
            "тихих часов": quiet,
            "видов льгот": kinds,
            "тем и сроков обращений": appeals,
            "услуг и правил очереди": hall,
            "страниц сайта и базы знаний": pages,
            "офисов": sum(change.kind == "office" for change in changes),
            "телефонов": sum(change.kind == "phone" for change in changes),
        }
        added = [f"{name}: {count}" for name, count in counts.items() if count]
        if options["verbosity"] > 0:
            self.stdout.write(f"Добавлено: {', '.join(added)}." if added else "Справочные данные уже загружены.")
