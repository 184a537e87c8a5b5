"""Who goes back after sending and presses again, from a form opened anew, has one appeal; other words are another."""

import time
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from svet.domains.cases import actions
from svet.domains.cases.models import Case, Letter, LetterFile
from svet.domains.cases.rules.contacts import ContactChannel
from svet.domains.tariffs import actions as tariffs
from tests import cast, reference, scans
from tests.architecture.test_urls import signed_in
from tests.doors import identified
from tests.test_appeals_from_the_site import filled as site_form

pytestmark = pytest.mark.django_db
AT = cast.NOW


@pytest.fixture
def people(monkeypatch):
    moved_to(monkeypatch, AT)
    reference.load(tariffs, at=cast.moment(cast.LONG_AGO))
    reference.load(actions, at=cast.moment(cast.LONG_AGO))
    return cast.assemble()


def moved_to(monkeypatch, moment):
    monkeypatch.setenv("SVET_CLOCK_OFFSET", str(moment.timestamp() - time.time()))


def anew(**said):
    """Return a form opened anew: other key, the words the browser kept."""
    return {"request_key": uuid.uuid4().hex, **said}


def pdf(name="счёт.pdf"):
    return SimpleUploadedFile(name, scans.pdf())


def test_in_the_account_area(people, monkeypatch):
    anna, page = signed_in(people.anna.user_id), reverse("cabinet:new_appeal", args=[people.anna.number])
    said = {"kind": "question", "subject": "bill_amount", "text": "Почему так много?"}
    first = anna.post(page, anew(**said, scans=pdf()))
    for again in (anew(**said), anew(**said, scans=pdf())):
        sent = anna.post(page, again, follow=True)
        assert sent.redirect_chain[0][0] == first.headers["Location"]
        assert "Обращение уже зарегистрировано" in sent.content.decode()
    assert (Case.objects.count(), Letter.objects.count(), LetterFile.objects.count()) == (1, 1, 1)

    for other in (
        said | {"text": "Почему так много? И за что?"},
        said | {"subject": "meter"},
        said | {"scans": SimpleUploadedFile("снимок.jpg", scans.picture())},
    ):
        anna.post(page, anew(**other))
    assert Case.objects.count() == 4
    igor = signed_in(people.igor.user_id)
    igor.post(reverse("cabinet:new_appeal", args=[people.igor.number]), anew(**said))
    moved_to(monkeypatch, AT + timedelta(hours=2))
    anna.post(page, anew(**said))
    assert Case.objects.count() == 6


def test_other_words_under_a_key_that_was_used_are_not_lost(people):
    anna, page = signed_in(people.anna.user_id), reverse("cabinet:new_appeal", args=[people.anna.number])
    kept = anew(kind="question", subject="bill_amount", text="Почему так много?")
    anna.post(page, kept)
    for _ in range(2):
        anna.post(page, kept | {"text": "И почему по среднему?"})

    assert sorted(Letter.objects.values_list("text", flat=True)) == ["И почему по среднему?", "Почему так много?"]


def test_a_message_to_a_case_and_a_question_about_a_bill(people):
    anna, number = signed_in(people.anna.user_id), people.anna.number
    anna.post(
        reverse("cabinet:new_appeal", args=[number]), anew(kind="question", subject="meter", text="Когда поверка?")
    )
    page = reverse("cabinet:appeal", args=[number, Case.objects.get().number])
    for _ in range(2):
        anna.post(page, anew(text="И ещё"))

    assert Letter.objects.count() == 2


def test_on_the_site_only_in_the_same_browser(people):
    browser, stranger = Client(), Client()
    sent = [browser.post("/appeals/new/", site_form()).headers["Location"] for _ in range(2)]
    theirs = stranger.post("/appeals/new/", site_form()).headers["Location"]

    assert (len(set(sent)), Case.objects.count()) == (1, 2)
    assert theirs not in sent
    assert browser.get(theirs).status_code == 302


def test_at_the_desk_by_phone_and_by_the_long_form(people):
    operator = signed_in(people.staff["operator"].user_id, proved=True)
    by_hand = {
        "channel": "at_office",
        "received_on": "2026-11-18",
        "kind": "question",
        "subject": "other",
        "text": "Где оплатить?",
        "applicant_kind": "person",
        "name": "Орлова Вера",
    }
    for _ in range(2):
        assert operator.post(reverse("desk:new_case"), anew(**by_hand)).status_code == 302
    assert Case.objects.count() == 1
    operator.post(reverse("desk:new_case"), anew(**by_hand | {"name": "Ковалёв Игорь"}))
    assert Case.objects.count() == 2

    said = {"kind": "question", "subject": "bill_amount", "text": "Нет счёта"}
    for one in (people.anna, people.anna, people.igor):
        actions.begin_contact(people.staff["operator"].user_id, channel=ContactChannel.CALL, at=AT)
        identified(operator, one.number)
        for _ in range(2):
            assert operator.post("/desk/phone/", anew(**said)).status_code == 302
        actions.close_abandoned(at=AT + timedelta(days=1))
    assert Case.objects.filter(channel="by_phone").count() == 2
