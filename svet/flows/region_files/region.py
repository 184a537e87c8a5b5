"""The files of a region: customers, places, accounts, agreements, households, contacts, meters. Columns only."""

from __future__ import annotations

from svet.domains.accounts import actions as account_actions
from svet.domains.accounts import queries as accounts
from svet.domains.accounts.rules import BillDelivery
from svet.domains.customers import actions as customer_actions
from svet.domains.customers import queries as customers
from svet.domains.customers.rules import ContactKind, CustomerKind
from svet.domains.supply import actions as supply_actions
from svet.domains.supply import queries as supply
from svet.domains.supply.rules import PremisesKind
from svet.flows.region_files.columns import Choice, Code, Day, Number, Text, Whole, YesNo
from svet.flows.region_files.kinds import ACCOUNT_NUMBER, Kind, register
from svet.kernel.energy import ConsumerCategory

CUSTOMER_CODE = Code(
    "customer_code",
    "Код потребителя",
    "the customer's code",
    ("код клиента", "код абонента"),
    required=True,
    needed=True,
)
SUPPLY_POINT_CODE = Code(
    "supply_point_code",
    "Код точки поставки",
    "the supply point's code",
    ("точка поставки", "код точки учёта"),
    required=True,
    needed=True,
)
FROM_ON = Day("from_on", "Действует с", "the first day", ("дата начала", "с"), required=True, needed=True)
UNTIL_ON = Day(
    "until_on",
    "Действует до (не включая)",
    "the first day no longer valid; empty: until further notice",
    ("действует до", "дата окончания (не включая)", "до"),
)

register(
    Kind(
        "customers",
        "Потребители",
        "people, sole traders, companies and utility service providers; known by `customer_code`",
        (
            CUSTOMER_CODE,
            Choice(
                "kind",
                "Вид потребителя",
                "what the customer is",
                ("вид", "тип потребителя"),
                required=True,
                needed=True,
                words={
                    CustomerKind.PERSON.value: ("физлицо", "физическое лицо", "гражданин"),
                    CustomerKind.SOLE_TRADER.value: ("ип", "индивидуальный предприниматель"),
                    CustomerKind.COMPANY.value: ("юрлицо", "юридическое лицо", "организация"),
                    CustomerKind.UTILITY_PROVIDER.value: ("исполнитель коммунальных услуг", "ику", "ук", "тсж"),
                },
            ),
            Text("family_name", "Фамилия", "needed for people and sole traders", longest=80),
            Text("given_name", "Имя", "given name", longest=80),
            Text("patronymic", "Отчество", "patronymic", longest=80),
            Text("organisation_name", "Наименование организации", "needed for firms", ("наименование", "организация")),
            Code("inn", "ИНН", "taxpayer number; wrong check digits are noted", longest=12, figures=(10, 12)),
            Code("kpp", "КПП", "reason code of tax registration", longest=9, figures=(9,)),
            Code("ogrn", "ОГРН", "state registration number", ("огрнип", "огрн/огрнип"), longest=15, figures=(13, 15)),
        ),
        customer_actions.load_customers,
        customers.export_customers,
    )
)
register(
    Kind(
        "supply_points",
        "Точки поставки",
        "places and their premises; known by `supply_point_code` and `premises_code`",
        (
            SUPPLY_POINT_CODE,
            Code("premises_code", "Код помещения", "the premises' code", ("помещение",), required=True, needed=True),
            Choice(
                "premises_kind",
                "Вид помещения",
                "what stands there",
                ("тип помещения",),
                required=True,
                needed=True,
                words={
                    PremisesKind.FLAT.value: ("квартира",),
                    PremisesKind.HOUSE.value: ("дом", "жилой дом"),
                    PremisesKind.ROOM.value: ("комната",),
                    PremisesKind.NON_RESIDENTIAL.value: ("нежилое", "нежилое помещение"),
                },
            ),
            Code(
                "postal_code",
                "Почтовый индекс",
                "six digits",
                ("индекс",),
                required=True,
                needed=True,
                longest=6,
                figures=(6,),
            ),
            Text("region", "Регион", "region", ("область", "субъект"), longest=120),
            Text("district", "Район", "district", longest=120),
            Text(
                "settlement",
                "Населённый пункт",
                "town or village",
                ("город", "нас. пункт"),
                required=True,
                needed=True,
                longest=120,
            ),
            Text("street", "Улица", "street with its type", longest=160),
            Text("house", "Дом", "house", ("номер дома",), longest=40),
            Text("flat", "Квартира", "flat", ("номер квартиры",), longest=20),
            Whole("rooms", "Комнат", "living rooms", ("число комнат", "количество комнат"), most=999),
            Number("area_m2", "Площадь, м²", "area", ("площадь", "площадь, м2"), precision=9, scale=2),
            YesNo("electric_stove", "Электроплита", "cooks with electricity"),
            YesNo("electric_heating", "Электроотопление", "heats with electricity"),
            Code(
                "network_operator",
                "Код сетевой организации",
                "the grid company's code",
                ("сетевая организация",),
                longest=20,
            ),
            Number(
                "max_power_kw", "Максимальная мощность, кВт", "maximum power", ("мощность, квт",), precision=10, scale=3
            ),
        ),
        supply_actions.load_supply_points,
        supply.export_supply_points,
    )
)
register(
    Kind(
        "categories",
        "Категории точек поставки",
        "by which published tariffs a place is priced, over time; known by `supply_point_code` and `from_on`",
        (
            SUPPLY_POINT_CODE,
            Code("territory", "Территория", "the territory of the published tariffs", required=True, needed=True),
            Choice(
                "category",
                "Категория",
                "class of consumer",
                ("категория потребителей",),
                required=True,
                needed=True,
                words={
                    ConsumerCategory.URBAN_GAS.value: (
                        "город, газовые плиты",
                        "городское население с газовыми плитами",
                    ),
                    ConsumerCategory.URBAN_ELECTRIC.value: (
                        "город, электроплиты",
                        "городское население с электроплитами",
                    ),
                    ConsumerCategory.RURAL.value: ("село", "сельское население"),
                },
            ),
            FROM_ON,
            UNTIL_ON,
        ),
        supply_actions.load_categories,
        supply.export_categories,
    )
)
register(
    Kind(
        "accounts",
        "Лицевые счета",
        "customer accounts; known by `account_number`",
        (
            ACCOUNT_NUMBER,
            CUSTOMER_CODE,
            Day("opened_on", "Открыт", "the day it was opened", ("дата открытия",), required=True, needed=True),
            Day("closed_on", "Закрыт", "the day it was closed", ("дата закрытия",)),
            Choice(
                "bill_delivery",
                "Доставка счёта",
                "how the customer gets the bill",
                ("способ доставки",),
                default=BillDelivery.PAPER.value,
                words={
                    BillDelivery.PAPER.value: ("бумага", "почта"),
                    BillDelivery.EMAIL.value: ("электронная почта", "эл. почта"),
                    BillDelivery.BOTH.value: ("оба", "бумага и электронная почта"),
                },
            ),
        ),
        account_actions.load_accounts,
        accounts.export_accounts,
    )
)
register(
    Kind(
        "agreements",
        "Договоры",
        "which account is supplied where, over time; known by `supply_point_code` and `from_on`",
        (
            ACCOUNT_NUMBER,
            SUPPLY_POINT_CODE,
            Text("agreement_number", "Номер договора", "the agreement's number", ("договор",), longest=60),
            FROM_ON,
            UNTIL_ON,
        ),
        account_actions.load_agreements,
        accounts.export_agreements,
    )
)
register(
    Kind(
        "households",
        "Проживающие",
        "how many people live there, over time; known by `account_number` and `from_on`",
        (
            ACCOUNT_NUMBER,
            Whole(
                "registered",
                "Зарегистрировано",
                "registered people",
                ("прописано",),
                required=True,
                needed=True,
                most=200,
            ),
            Whole("temporary", "Временно проживает", "people staying for a time", default=0, most=200),
            Whole("owners", "Собственников", "owners", ("число собственников",), default=1, most=200),
            YesNo("privileged", "Льгота", "somebody has a benefit", ("льготники",)),
            FROM_ON,
            UNTIL_ON,
        ),
        account_actions.load_households,
        accounts.export_households,
    )
)
register(
    Kind(
        "contacts",
        "Контакты",
        "phones, e-mails and postal addresses, over time; known by customer, `kind`, `value` and `valid_from`",
        (
            CUSTOMER_CODE,
            Choice(
                "kind",
                "Вид контакта",
                "what it is",
                ("вид",),
                required=True,
                needed=True,
                words={
                    ContactKind.PHONE.value: ("телефон",),
                    ContactKind.EMAIL.value: ("эл. почта", "электронная почта", "e-mail"),
                    ContactKind.POST.value: ("почта", "почтовый адрес"),
                },
            ),
            Text(
                "value",
                "Контакт",
                "phones in any usual form, without country code Russian",
                ("значение",),
                required=True,
                needed=True,
            ),
            Day("valid_from", "Действует с", "the first day", ("дата начала", "с"), required=True, needed=True),
            Day("valid_until", "Действует до (не включая)", "the first day no longer valid", ("действует до", "до")),
        ),
        customer_actions.load_contacts,
        customers.export_contacts,
    )
)
