"""Appeals of the last weeks: some answered, one overdue, one about an employee, one nobody should consider."""

from __future__ import annotations

from datetime import datetime, timedelta

from svet.domains.access import queries as access
from svet.domains.access.rules import Role
from svet.domains.accounts import queries as accounts
from svet.domains.cases import actions as cases
from svet.domains.cases import queries
from svet.domains.cases.actions import Details, Incoming
from svet.domains.cases.rules.applicants import Applicant
from svet.domains.cases.rules.grounds import Ground
from svet.domains.cases.rules.register import CaseChannel, CaseKind, Resolution
from svet.surfaces.console.demo import names, town

LETTERS = (
    # whose (0: nobody said), days ago, by which way, what it is, about what, text
    (1, 40, CaseChannel.EMAIL, CaseKind.COMPLAINT, "bill_amount", "Счёт вырос на 400 рублей, хотя мы уезжали."),
    (1, 6, CaseChannel.EMAIL, CaseKind.QUESTION, "bill_amount", "Вы так и не ответили про счёт. Когда ждать ответа?"),
    (2, 20, CaseChannel.SITE, CaseKind.REQUEST, "meter_device", "Прошу назначить день замены счётчика."),
    (3, 12, CaseChannel.POST, CaseKind.COMPLAINT, "interruption_fault", "Свет гаснет каждый вечер на полчаса."),
    (4, 2, CaseChannel.SITE, CaseKind.COMPLAINT, "conduct", "Оператор Седов повысил на меня голос."),
    (0, 1, CaseChannel.SITE, CaseKind.COMPLAINT, "other", "Идиоты, сделайте уже что-нибудь!"),
)


def write_to_the_company(*, at: datetime) -> None:
    """Register the letters of the town as their channels would, and handle some of them."""
    staff = {one.role: access.person_by_username(one.username) for one in names.STAFF}
    operator, boss = staff[Role.OPERATOR], staff[Role.SUPERVISOR]
    if operator is None or boss is None or not queries.subjects(at.date()):
        return
    made = [_write(place, row, at=at, about=operator.user_id) for place, row in enumerate(LETTERS)]
    for case_id in (made[0], made[2], made[3]):
        cases.take(case_id, by=operator.user_id, at=at - timedelta(hours=3))
    cases.reply(
        made[2],
        text="Замена назначена на следующий вторник, с 10 до 12 часов.",
        by=operator.user_id,
        at=at - timedelta(hours=2),
        request_key="demo-reply",
        resolution=Resolution.SATISFIED,
    )
    _rate(made[2], at=at)
    _prepare(made[0], by=operator.user_id, at=at)
    cases.await_grid(made[3], question="Были ли отключения по адресу заявителя вечером?", by=operator.user_id, at=at)
    found = {one.ground: one.evidence for one in queries.suggestions(made[5])}
    cases.propose_refusal(
        made[5],
        ground=Ground.INSULTING,
        note="Только оскорбления",
        by=operator.user_id,
        at=at,
        evidence=found.get(Ground.INSULTING),
    )
    cases.tend_clocks(at=at)


def _rate(case_id: int, *, at: datetime) -> None:
    """The applicant was glad of the answer."""
    letter = next(one for one in queries.letters_of(case_id) if one.is_answer)
    asking_id = cases.ask(letter.letter_id, question=cases.RATING, at=at - timedelta(hours=1))
    cases.rate(asking_id, score=5, comment="Быстро и понятно, спасибо", at=at)


def _prepare(case_id: int, *, by: int, at: datetime) -> None:
    """An answer by points is being written: one question has none yet."""
    for text in ("Почему счёт вырос на 400 рублей?", "Будет ли перерасчёт?"):
        cases.add_point(case_id, text=text, by=by, at=at)
    first = queries.points(case_id)[0]
    written = cases.Written(
        text="Здравствуйте!\n\n{points}",
        resolution=Resolution.PARTLY,
        channel=CaseChannel.SITE,
        points={first.point_id: "Показаний не было, и месяц посчитан по среднему за полгода."},
    )
    cases.write_answer(case_id, written=written, version=0, by=by, at=at)


def _write(place: int, row: tuple[int, int, CaseChannel, CaseKind, str, str], *, at: datetime, about: int) -> int:
    who, days, channel, kind, subject, text = row
    came_at = at - timedelta(days=days)
    account = accounts.account_by_number(town.account_number(who)) if who else None
    applicant = Applicant()
    if account is not None:
        applicant = queries.applicant_of_account(account.id, user_id=None, at=came_at)
    return cases.register(
        Incoming(channel=channel, text=text, received_at=came_at, key=f"demo-letter-{place}"),
        applicant=applicant,
        at=came_at,
        kind=kind,
        subject_code=subject,
        account_id=account.id if account else None,
        details=Details(about_users=(about,) if subject == "conduct" else ()),
    ).case_id
