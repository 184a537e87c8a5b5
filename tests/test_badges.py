"""Badges of staff: from the record, with a photo that is checked by its content and not kept."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from svet.domains.access import queries
from svet.domains.offices import actions as offices
from svet.infra.models import StoredFile
from svet.surfaces.paper import badge
from tests import cast, reference, scans
from tests.architecture.test_urls import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    reference.load(offices, at=cast.moment(cast.LONG_AGO))
    return cast.assemble().staff


def asked(staff, **given):
    browser = signed_in(staff["administrator"].user_id, proved=True)
    return browser.post(reverse("desk:badge", args=[staff["operator"].user_id]), given)


def test_a_badge_has_name_position_and_photo_and_the_photo_is_not_kept(staff):
    photo = SimpleUploadedFile("я.jpg", scans.picture(), content_type="image/jpeg")
    answer = asked(staff, photo=photo)

    assert answer.headers["Content-Type"] == "application/pdf"
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [90, 60]
    assert len(page.images) == 1
    who = queries.person(staff["operator"].user_id)
    text = " ".join(page.extract_text().split())
    assert (who.name in text, who.position in text) == (True, True)
    assert not StoredFile.objects.exists()


def test_a_badge_without_a_photo_is_made_too(staff):
    (page,) = PdfReader(io.BytesIO(asked(staff).content)).pages

    assert len(page.images) == 0


@pytest.mark.parametrize("content", [b"MZ" * 400, scans.pdf(), scans.picture()[:300]])
def test_what_is_no_picture_is_refused_whatever_it_is_called(staff, content):
    answer = asked(staff, photo=SimpleUploadedFile("photo.jpg", content, content_type="image/jpeg"))

    assert answer.status_code == 422
    assert "photo" in answer.context["form"].errors


def test_a_photo_is_cut_to_its_frame_whatever_its_shape():
    made = badge.photo_of(scans.picture("PNG", size=(1200, 400)), name="wide.png")

    assert Image.open(io.BytesIO(made)).size == badge.PHOTO


def test_only_who_manages_staff_prints_badges(staff):
    browser = signed_in(staff["operator"].user_id, proved=True)

    assert browser.get(reverse("desk:badge", args=[staff["operator"].user_id])).status_code == 403
