"""Appeals that came through the state portal ГИС ЖКХ, so that the register and the exchange have something to show."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from svet.domains.cases.rules.portal import Applicant, AppliesAs, PortalAppeal, PortalStatus
from svet.flows import gis_appeals
from svet.surfaces.console.demo import names, town

APPEALS = (
    # whose, days ago, topic, text
    (0, 3, "Начисления за электроснабжение", "Проверьте начисления за прошлый месяц, лицевой счёт {number}."),
    (2, 1, "Перерасчёт платы", "Нас не было дома две недели. Сделайте перерасчёт."),
)
ANSWERED_WITHIN = timedelta(days=30)


def come_through_the_portal(*, at: datetime) -> None:
    """Take the appeals as the gate would; the first is found by its number, for the second people must look."""
    for place, days, topic, text in APPEALS:
        person, number = names.CAST[place], town.account_number(place + 1)
        made_on: date = at.date() - timedelta(days=days)
        appeal = PortalAppeal(
            guid=uuid5(NAMESPACE_OID, f"demo-portal-{place}"),
            number=f"33-{made_on.year}-{117 + place}",
            created_on=made_on,
            topic=topic,
            text=text.format(number=number),
            status=PortalStatus.SENT,
            applicant=Applicant(
                AppliesAs.PERSON,
                family_name=person.family_name,
                given_name=person.given_name,
                patronymic=person.patronymic,
                email=f"{person.code}@example.org",
            ),
            due_on=made_on + ANSWERED_WITHIN,
        )
        gis_appeals.take(appeal, fetch=lambda guid: guid.bytes, at=at)
