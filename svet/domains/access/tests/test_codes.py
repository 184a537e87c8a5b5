"""One-time codes: used once, tried five times, asked for slowly, and nothing tells who is known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections

from svet.domains.access import actions, queries
from svet.domains.access.models import OneTimeCode
from svet.domains.access.rules import AttemptKind, CodePurpose
from svet.infra.clock import MOSCOW
from svet.infra.models import AuditRecord
from svet.kernel.errors import DomainError

AT = datetime(2026, 11, 2, 10, 0, tzinfo=MOSCOW)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def ask(target="anna@example.org", subject="user:1", *, asked_from="10.0.0.1", at=AT, purpose=CodePurpose.SIGN_IN):
    return actions.issue_code(purpose, target=target, subject=subject, asked_from=asked_from, at=at)


def give(made, typed=None, *, at=AT + MINUTE, purpose=CodePurpose.SIGN_IN, challenge=None):
    return actions.redeem_code(challenge or made.challenge, purpose=purpose, typed=typed or made.code, at=at)


def refused(call) -> str:
    with pytest.raises(DomainError) as error:
        call()
    return error.value.code


def wrong(made) -> str:
    return f"{(int(made.code) + 1) % 1_000_000:06d}"


def test_a_code_opens_its_subject_once():
    made = ask()

    assert give(made) == "user:1"
    assert refused(lambda: give(made)) == "code_is_over"


@pytest.mark.parametrize("way", ["{0}{1}{2} {3}{4}{5}", " {0}{1}-{2}{3}-{4}{5} ", "{0} {1} {2} {3} {4} {5}\n"])
def test_a_code_may_be_typed_with_spaces_and_hyphens(way):
    made = ask()

    assert give(made, way.format(*made.code)) == "user:1"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "О12345", "😀", "", "1" * 300, "١٢٣٤٥٦", "' OR 1=1"])
def test_what_is_no_code_counts_as_no_try(typed):
    made = ask()

    for _ in range(7):
        assert refused(lambda: give(made, typed or " ")) == "code_is_not_six_digits"
    assert give(made) == "user:1"


def test_the_code_itself_is_kept_nowhere():
    made = ask()

    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM access_one_time_code t")
        assert made.code not in cursor.fetchone()[0].replace(made.challenge, "")


def test_a_code_lasts_ten_minutes():
    made = ask()

    assert refused(lambda: give(made, at=AT + 10 * MINUTE)) == "code_is_over"
    assert give(made, at=AT + 10 * MINUTE - SECOND) == "user:1"


def test_after_five_wrong_tries_even_the_right_code_is_over():
    made = ask()

    told = [refused(lambda: give(made, wrong(made))) for _ in range(5)]

    assert told == ["code_did_not_match"] * 4 + ["code_is_over"]
    assert refused(lambda: give(made)) == "code_is_over"


def test_a_code_is_of_no_use_in_another_browser_or_for_another_thing():
    made = ask()

    assert refused(lambda: give(made, challenge="forged")) == "code_is_over"
    assert refused(lambda: give(made, purpose=CodePurpose.RECOVERY)) == "code_is_over"
    assert give(made) == "user:1"


def test_a_newer_code_ends_the_earlier_one():
    first = ask()
    second = ask(at=AT + MINUTE)

    assert refused(lambda: give(first)) == "code_is_over"
    assert give(second) == "user:1"


def test_a_new_code_is_asked_for_after_a_minute_and_five_times_an_hour():
    ask()

    assert refused(lambda: ask(at=AT + 59 * SECOND)) == "code_asked_too_soon"
    for count in range(1, 5):
        ask(at=AT + count * MINUTE)
    assert refused(lambda: ask(at=AT + 30 * MINUTE)) == "too_many_codes"
    ask(at=AT + 61 * MINUTE)


def test_ten_codes_a_day_are_the_most_for_one_target():
    for hour in range(10):
        ask(at=AT + hour * 2 * timedelta(hours=1))

    assert refused(lambda: ask(at=AT + timedelta(hours=23))) == "too_many_codes"
    assert ask(at=AT + timedelta(days=1, seconds=1)).opens


def test_one_network_address_cannot_ask_for_everybody():
    for number in range(30):
        ask(f"person{number}@example.org", f"user:{number}")

    assert refused(lambda: ask("one-more@example.org")) == "too_many_codes"
    assert ask("one-more@example.org", asked_from="10.0.0.2").opens


def test_a_person_asked_for_by_many_names_gets_no_more_codes_but_the_same_answer():
    for number in range(15):
        assert ask(f"name{number}", asked_from=f"10.0.1.{number}").opens

    silent = ask("name15")

    assert not silent.opens
    assert refused(lambda: give(silent)) == "code_did_not_match"


def test_a_code_that_opens_nothing_behaves_like_any_other():
    made = ask("stranger@example.org", subject="")

    told = [refused(lambda: give(made)) for _ in range(5)]

    assert told == ["code_did_not_match"] * 4 + ["code_is_over"]
    assert refused(lambda: ask("stranger@example.org", subject="", at=AT + SECOND)) == "code_asked_too_soon"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_use_a_code_once():
    made = ask()

    def enter(_):
        try:
            return give(made)
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as tabs:
        told = sorted(tabs.map(enter, range(4)))

    assert told == ["code_is_over"] * 3 + ["user:1"]


def test_codes_that_no_limit_counts_are_deleted():
    ask()
    ask("vera@example.org", at=AT + timedelta(days=2))

    assert actions.forget_codes(at=AT + timedelta(days=2, minutes=1)) == 1
    assert OneTimeCode.objects.get().target == "vera@example.org"


def test_wrong_facts_make_the_next_try_about_the_account_wait_ever_longer():
    def fail(at):
        actions.check_attempts(AttemptKind.SIGN_UP_BY_BILL, target="3300000018", asked_from="10.0.0.1", at=at)
        actions.record_attempt(
            AttemptKind.SIGN_UP_BY_BILL, target="3300000018", asked_from="10.0.0.1", succeeded=False, at=at
        )

    for count in range(3):
        fail(AT + count * SECOND)
    assert refused(lambda: fail(AT + 30 * SECOND)) == "too_many_attempts"
    fail(AT + 63 * SECOND)
    assert refused(lambda: fail(AT + 3 * MINUTE)) == "too_many_attempts"
    fail(AT + 4 * MINUTE)
    audited = AuditRecord.objects.filter(verb="access.sign_up_by_bill", target_id="3300000018")
    assert [one.data["succeeded"] for one in audited] == [False] * 5


def test_wrong_facts_about_many_accounts_from_one_address_wait_too():
    for number in range(10):
        actions.record_attempt(
            AttemptKind.SIGN_UP_BY_BILL, target=f"33{number:08d}", asked_from="10.0.0.1", succeeded=False, at=AT
        )

    def check(asked_from):
        actions.check_attempts(
            AttemptKind.SIGN_UP_BY_BILL, target="3399999999", asked_from=asked_from, at=AT + 30 * SECOND
        )

    check("10.0.0.2")
    assert refused(lambda: check("10.0.0.1")) == "too_many_attempts"


def test_an_address_signs_in_whoever_proved_it_last_and_never_staff():
    anna = actions.create_user("anna", password=None, at=AT)
    igor = actions.create_user("igor", password=None, at=AT)
    nina = actions.create_user("nina", password=None, at=AT, roles=["operator"])

    for minute, user in enumerate((anna, igor, nina)):
        actions.prove_address(user, kind="phone", value="+79161234567", at=AT + minute * MINUTE)
    assert queries.person_by_address("+79161234567").user_id == igor
    actions.forget_address("+79161234567", user_ids=[igor], at=AT + timedelta(hours=1))

    assert queries.person_by_address("+79161234567").user_id == anna
    assert queries.addresses_of(igor) == []


def test_whose_login_is_closed_is_not_found_by_an_address():
    anna = actions.create_user("anna", password=None, at=AT)
    actions.prove_address(anna, kind="email", value="anna@example.org", at=AT)
    actions.close_login(anna, at=AT, reason="умерла")

    assert queries.person_by_address("anna@example.org") is None
    assert queries.login_by_address("anna@example.org") == ""
