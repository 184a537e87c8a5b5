"""Forms, samples and leaflets for stands: each on one A4 sheet, its code opens the site, contacts from one record."""

import io
from datetime import date

import pytest
import zxingcpp
from pypdf import PdfReader

from svet.domains.content import queries as content
from svet.domains.offices import actions as offices
from svet.domains.offices import queries
from svet.surfaces.paper import blanks
from svet.surfaces.paper.tests import samples
from tests import cast, reference

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
FORMS = content.blanks(TODAY)


def text_of(file: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())


def made(form, *, is_sample):
    return blanks.render(
        form, company=samples.COMPANY, is_sample=is_sample, page="https://svet.example/forms/", made_at=cast.NOW
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda one: one.code)
def test_a_form_fits_one_sheet_empty_and_filled(form):
    for is_sample in (False, True):
        file = made(form, is_sample=is_sample)
        pages = PdfReader(io.BytesIO(file)).pages
        assert len(pages) == 1
        assert [round(float(side)) for side in pages[0].mediabox[2:]] == [595, 842]
        text = text_of(file)
        assert ("ОБРАЗЕЦ" in text) is is_sample
        assert samples.COMPANY.phones_for("individuals")[0].number.replace(" ", "") in text.replace(" ", "").replace(
            "\u00a0", ""
        )
        values = [str(one["sample"]) for one in form.blocks if "field" in one]
        assert all((value.split()[0] in text) for value in values) is is_sample


def test_the_code_on_a_form_opens_the_site():
    page = PdfReader(io.BytesIO(made(FORMS[0], is_sample=False))).pages[0]
    image = next(iter(page.images)).image.convert("L")

    found = zxingcpp.read_barcode(image.resize((image.width * 4, image.height * 4)), is_pure=True)

    assert found.text == "https://svet.example/forms/"


def test_the_same_form_gives_the_same_bytes_and_an_earlier_day_has_no_form():
    assert made(FORMS[0], is_sample=True) == made(FORMS[0], is_sample=True)
    assert content.blanks(date(2020, 1, 1)) == ()


def test_a_form_has_one_version_on_any_day():
    codes = [one.code for one in FORMS]

    assert sorted(codes) == sorted(set(codes))


def test_the_library_is_on_the_site_and_gives_what_it_names(client):
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    page = client.get("/forms/").content.decode()
    for form in FORMS:
        assert form.title in page
    sample = client.get(f"/forms/{FORMS[0].code}/sample.pdf")
    assert sample.headers["Content-Type"] == "application/pdf"
    assert client.get("/forms/nothing/blank.pdf").status_code == 404


def test_the_leaflet_of_contacts_names_every_phone_and_office_of_the_one_record(client):
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    company = queries.company(TODAY)

    text = text_of(client.get("/forms/contacts.pdf").content).replace(" ", "").replace("\u00a0", "")

    for phone in company.phones_for("individuals"):
        assert phone.number.replace(" ", "") in text
    for office in queries.directory():
        assert office.street_address.replace(" ", "")[:8] in text


def test_the_leaflet_of_contacts_leaves_no_office_without_hours(client):
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    only_companies = [one for one in queries.directory() if not one.week_for("individuals")]

    pages = PdfReader(io.BytesIO(client.get("/forms/contacts.pdf").content)).pages

    assert only_companies, "an office for organisations alone is in the annex"
    after = pages[0].extract_text().split("Шибанкова")[1].split()
    assert after[3:9] == ["не", "принимает", "пн–пт", "8:00–17:00", "перерыв", "12:00–13:00"]
    assert len(pages) == 1
