"""A register of appeals of any size for measurements: letters, applicants, events, clocks and words of two years.

Rows are written in sets without triggers, right by construction; ids are the places of the cases, so the register is
emptied first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from svet.domains.cases.rules.register import RUSSIAN_TEXT
from svet.infra import boxes
from svet.surfaces.console.demo.names import FAMILIES, FATHERS, MEN

OFFICE, PLACE = "bench", "99"
RARE_CHANNEL, RARE_KIND, RARE_SUBJECT = "by_gis", "thanks", "personal_data"
CHANNELS = ("by_email", "by_site", "by_cabinet", "by_phone", "at_office", "by_post", "by_email", "by_site", "by_sms")
KINDS = ("question", "request", "grievance", "question", "claim", "question", "suggestion")
SUBJECTS = (
    "bill_amount",
    "meter_readings",
    "bill_payment",
    "quality_voltage",
    "contract_change",
    "bill_penalty",
    "meter_device",
    "interruption_fault",
    "service_phone",
    "other",
)
SAID = (
    "Прошу объяснить, почему в счёте за прошлый месяц сумма вдвое больше обычной.",
    "Показания счётчика передаю каждый месяц через личный кабинет, расход не менялся.",
    "Платёж внесён в банке, квитанция сохранилась, но на лицевом счёте его нет.",
    "Вечером напряжение падает, лампы мигают, холодильник не включается.",
    "Дом продан, прошу переоформить договор на нового собственника.",
    "Счётчик заменён, акт подписан, а начисляют по нормативу.",
    "Дозвониться не удалось, оператор положил трубку, вопрос не решён.",
    "Пени начислены неверно, задолженности не было, прошу пересчитать.",
    "После аварии на подстанции света не было двое суток, сгорел телевизор.",
    "Прошу ответить письменно и выслать подробный расчёт с основаниями.",
    "Соседи жалуются на то же самое, обращаемся второй раз.",
    "Прошу направить мастера, проверить пломбу и составить акт.",
)

_CASES = (
    "CREATE TEMPORARY TABLE made ON COMMIT DROP AS SELECT n, moment AS at, n %% 25 = 0 OR moment > %(at)s"
    " - interval '25 days' AS is_open, n %% 5000 = 7 AS is_unread, %(staff)s::bigint[] AS staff,"
    " moment + interval '30 days' AS due FROM generate_series(1, %(size)s::bigint) n, LATERAL (SELECT %(at)s"
    " - (%(size)s - n) * (interval '730 days' / %(size)s) - interval '1 hour' AS moment) told",
    "UPDATE made SET is_open = false WHERE is_open AND at < %(at)s - interval '90 days'",
    "INSERT INTO cases_matter (id, account_id, field, title, began_at) SELECT n, a.id, 'field_bill', '', at FROM made"
    " LEFT JOIN accounts_account a ON n %% 8 <> 0 AND a.number = '78' || lpad((1 + n * 7919 %% %(accounts)s)::text,"
    " 8, '0')",
    "INSERT INTO cases_case (id, number, channel, office_code, account_id, receipt, received_at, registered_at, title,"
    " incoming_number, bill_number, violated_at, demands, state, kind, subject, assignee_id, resolution, missing,"
    " matter_id, is_unread, is_escalated, reopened, answered_at, closed_at, due_at, events_count)"
    " SELECT n, 'ОБ-' || to_char(at, 'YY') || '-{place}-' || lpad((n %% 1000000)::text, 6, '0'),"
    " CASE WHEN n %% 9973 = 3 THEN '{rare_channel}' ELSE (%(channels)s::text[])[1 + n %% %(channels_count)s] END,"
    " '{office}', m.account_id,"
    " %(receipt)s, at - interval '20 minutes', at, 'Обращение по лицевому счёту', '', '', '', '',"
    " CASE WHEN is_open THEN CASE WHEN n %% 5 = 0 THEN 'case_registered' ELSE 'case_in_work' END"
    " WHEN n %% 3 = 0 THEN 'case_answered' ELSE 'case_closed' END,"
    " CASE WHEN n %% 7919 = 5 THEN '{rare_kind}' ELSE (%(kinds)s::text[])[1 + n %% %(kinds_count)s] END,"
    " CASE WHEN n %% 8111 = 5 THEN '{rare_subject}' ELSE (%(subjects)s::text[])[1 + n %% %(subjects_count)s] END,"
    " CASE WHEN is_open AND n %% 5 = 0 THEN NULL ELSE staff[1 + n %% cardinality(staff)] END,"
    " CASE WHEN is_open THEN '' WHEN n %% 4 = 0 THEN 'satisfied' ELSE 'explained' END,"
    " CASE WHEN n %% 10 = 0 THEN ARRAY['supply_address'] ELSE ARRAY[]::text[] END, m.id, is_unread,"
    " is_open AND due < %(at)s, 0, CASE WHEN NOT is_open THEN at + interval '9 days' END,"
    " CASE WHEN NOT is_open AND n %% 3 <> 0 THEN at + interval '19 days' END,"
    " CASE WHEN is_open THEN due WHEN is_unread THEN %(at)s + interval '9 days' END,"
    " CASE WHEN is_open THEN 4 ELSE 7 END"
    " FROM made JOIN cases_matter m ON m.id = n ORDER BY n",
    "INSERT INTO cases_matter_part (part, part_id, matter_id, how, at) SELECT 'case_part', n, n, 'new_matter', at"
    " FROM made ORDER BY n",
    "INSERT INTO cases_applicant (case_id, place, kind, name, email, phone, postal_address, account_number,"
    " contract_number, supply_address, secrets) SELECT n, 1, 'person', (%(families)s::text[])[1 + n * 7919"
    " %% %(families_count)s] || ' ' || (%(men)s::text[])[1 + n * 104729 %% %(men_count)s] || ' ' ||"
    " (%(fathers)s::text[])[1 + n * 15485863::bigint %% %(fathers_count)s] || 'ич', 'writer' || n || '@example.org',"
    " '+7910' || lpad((n %% 10000000)::text, 7, '0'), '', '', '', 'г. Замеров, ул. Улица' || n %% 400 || ', д. '"
    " || n %% 97, '' FROM made ORDER BY n",
    "INSERT INTO cases_letter (case_id, direction, channel, key, at, address, title, text, fingerprint, is_answer)"
    " SELECT n, 'incoming', channel, 'bench-' || n, received_at, '', title, (SELECT string_agg((%(said)s::text[])"
    "[1 + (n * 31 + k * k * 7) %% %(said_count)s], ' ') FROM generate_series(1, 3 + n %% 4) k) || ' Счётчик № '"
    " || 40000000 + n || '.', md5('bench' || n), false FROM made JOIN cases_case c ON c.id = n ORDER BY n",
    "INSERT INTO cases_letter (case_id, direction, channel, key, at, author_id, address, title, text, fingerprint,"
    " is_answer) SELECT n, 'outgoing', 'by_email', 'bench-' || n, answered_at, assignee_id, 'writer' || n ||"
    " '@example.org', 'Ответ на обращение', 'Начисления проверены, расчёт верен. ' || (%(said)s::text[])"
    "[1 + n %% %(said_count)s], '', true FROM made JOIN cases_case c ON c.id = n WHERE NOT is_open ORDER BY n",
    "INSERT INTO cases_event (case_id, position, at, kind, by_id, data) SELECT n, k.position, at + k.after, k.kind,"
    " CASE WHEN k.position > 4 THEN assignee_id END, '{{}}' FROM made JOIN cases_case c ON c.id = n CROSS JOIN (VALUES"
    " (1, 'received', interval '0'), (2, 'registered', interval '0'), (3, 'clock_started', interval '0'),"
    " (4, 'matter_joined', interval '0'), (5, 'taken_in_work', interval '1 day'),"
    " (6, 'answer_given', interval '9 days'),"
    " (7, 'clock_stopped', interval '9 days')) k (position, kind, after) WHERE k.position < 5 OR NOT is_open"
    " ORDER BY n, k.position",
    "INSERT INTO cases_clock (case_id, kind, term_id, unit, started_at, first_due_at, due_at, warn_at, because,"
    " address, state, stopped_at, warned_at, escalated_at, extended_days, awaits, resume_notice)"
    " SELECT n, 'answer_clock', t.id, t.unit, at, made.due,"
    " made.due, made.due - interval '5 days', '[]', '', CASE WHEN is_open THEN 'running' ELSE 'stopped' END,"
    " answered_at, NULL, CASE WHEN is_escalated THEN made.due END, 0, '', '' FROM made JOIN cases_case c ON c.id = n"
    " JOIN cases_term t ON t.code = 'answer' ORDER BY n",
    "INSERT INTO cases_about (case_id, user_id, at) SELECT n, staff[1 + n / 300 %% cardinality(staff)], at FROM made"
    " WHERE n %% 300 = 0",
    "INSERT INTO cases_words (case_id, words) SELECT c.id, to_tsvector('{config}', concat_ws(' ', c.title, a.name,"
    " a.email, a.phone, a.supply_address, (SELECT string_agg(concat_ws(' ', l.title, l.text), ' ') FROM cases_letter l"
    " WHERE l.case_id = c.id))) FROM cases_case c JOIN cases_applicant a ON a.case_id = c.id ORDER BY c.id",
    "SELECT setval(pg_get_serial_sequence('cases_case', 'id'), %(size)s)",
    "SELECT setval(pg_get_serial_sequence('cases_matter', 'id'), %(size)s)",
)


def build_register(size: int, *, accounts: int, staff: Sequence[int], at: datetime) -> None:
    """Make `size` cases of the two years before `at`, and no others, in the hands of `staff`, of a town's accounts."""
    lists = {
        "channels": CHANNELS,
        "kinds": KINDS,
        "subjects": SUBJECTS,
        "said": SAID,
        "families": FAMILIES,
        "men": MEN,
        "fathers": FATHERS,
    }
    terms: dict[str, Any] = {name: list(values) for name, values in lists.items()}
    terms |= {f"{name}_count": len(values) for name, values in lists.items()}
    terms |= {"size": size, "accounts": accounts, "staff": list(staff), "at": at, "receipt": boxes.sealed("0" * 12)}
    words = {"place": PLACE, "office": OFFICE, "rare_channel": RARE_CHANNEL, "rare_kind": RARE_KIND}
    words |= {"rare_subject": RARE_SUBJECT, "config": RUSSIAN_TEXT}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE cases_case, cases_matter CASCADE")
        for statement in _CASES:
            cursor.execute(statement.format(**words), terms)
