"""Names and streets of the invented town, and its fixed cast. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass

TOWN = "г. Светлогорье"
DISTRICT_POST = {"Заречье": "600901", "Центр": "600902", "Нагорный": "600903", "Лесной": "600904"}
STREETS = {
    "Заречье": ("ул. Береговая", "ул. Рыбацкая", "ул. Луговая", "пер. Тихий"),
    "Центр": ("ул. Садовая", "ул. Школьная", "пр. Строителей", "ул. Вокзальная"),
    "Нагорный": ("ул. Высокая", "ул. Солнечная", "ул. Мичурина"),
    "Лесной": ("ул. Сосновая", "ул. Кедровая", "ул. Лесная"),
}
MEN = (
    "Александр Андрей Борис Вадим Виктор Владимир Дмитрий Егор Иван Игорь Кирилл Максим Михаил Николай Олег Павел "
    "Пётр Роман Сергей Юрий"
).split()
WOMEN = (
    "Анна Валентина Вера Галина Дарья Екатерина Елена Зоя Ирина Ксения Лариса Людмила Марина Мария Надежда Наталья "
    "Ольга Светлана Татьяна Юлия"
).split()
FATHERS = (
    "Александров Андреев Борисов Викторов Владимиров Дмитриев Иванов Михайлов Николаев Олегов Павлов Петров Романов "
    "Сергеев Юрьев"
).split()
FAMILIES = (
    "Абрамов Антонов Баранов Белов Богданов Васильев Виноградов Воробьёв Голубев Гусев Денисов Егоров Ершов Жуков "
    "Зайцев Ильин Калинин Киселёв Князев Комаров Королёв Крылов Лебедев Макаров Мельников Мухин Назаров Никитин Осипов "
    "Панов Поляков Рябов Савельев Самсонов Семёнов Соловьёв Сорокин Степанов Тарасов Титов Тихонов Фёдоров Филиппов "
    "Фомин Цветков Чернов Шубин Щербаков Яковлев"
).split()


@dataclass(frozen=True)
class Cast:
    """One of the fixed people: a role in stories, with an account of his own."""

    code: str
    family_name: str
    given_name: str
    patronymic: str
    story: str


CAST = (
    Cast("anna", "Смирнова", "Анна", "Павловна", "обычная квартира, показания и оплата вовремя"),
    Cast("igor", "Кузнецов", "Игорь", "Олегович", "двухтарифный счётчик, заменён в августе"),
    Cast("vera", "Орлова", "Вера", "Ильинична", "долг за несколько месяцев, платит частями"),
    Cast("pavel", "Морозов", "Павел", "Сергеевич", "не передаёт показания: среднее, потом норматив"),
    Cast("olga", "Волкова", "Ольга", "Николаевна", "въехала в середине октября"),
    Cast("timur", "Ахметов", "Тимур", "Рашидович", "трёхзонный счётчик, переплата"),
)


@dataclass(frozen=True)
class Staff:
    """One of the fixed members of staff; `secret` seeds the authenticator app (base32)."""

    username: str
    name: tuple[str, str, str]
    position: str
    role: str
    secret: str


STAFF = (
    Staff(
        "engineer",
        ("Лапина", "Мария", "Юрьевна"),
        "инженер по расчётам",
        "billing_engineer",
        "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    ),
    Staff(
        "operator", ("Седов", "Артём", "Игоревич"), "специалист офиса", "operator", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
    ),
    Staff("cashier", ("Гордеева", "Нина", "Петровна"), "кассир", "cashier", "NBSWY3DPO5XXE3DENBSWY3DPO5XXE3DE"),
    Staff(
        "supervisor",
        ("Ветров", "Олег", "Львович"),
        "руководитель офиса",
        "supervisor",
        "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK",
    ),
    Staff(
        "head",
        ("Соболева", "Елена", "Викторовна"),
        "начальник управления по работе с клиентами",
        "head",
        "ONSWG4TFOQQGM33SEB2GQZJAONSWG4TF",
    ),
    Staff(
        "auditor",
        ("Рыбаков", "Денис", "Андреевич"),
        "внутренний аудитор",
        "auditor",
        "MF2WI2LUN5ZCAZTPOIQHI2DFMF2WI2LU",
    ),
    Staff("editor", ("Зимина", "Ольга", "Сергеевна"), "редактор сайта", "editor", "PJUW22LOMEWTKNBYPJUW22LOMEWTKNBY"),
    Staff(
        "admin",
        ("Чернов", "Илья", "Романович"),
        "администратор системы",
        "administrator",
        "MFSG22LOEBTG64RAORUGKIDBMRWWS3RA",
    ),
)
PASSWORD = "svet-demo-2026"  # noqa: S105 — the demo region's, printed for everybody to see
