"""Files that nobody used go after their term; what is used, was given lately or came by an exchange stays."""

from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from svet.domains.metering import actions
from svet.domains.metering.rules.acts import Paper
from svet.infra import files
from svet.infra.models import FileContent, StoredFile
from svet.infra.unused_files import remove_unused
from tests import cast, scans

pytestmark = pytest.mark.django_db
LONG_BEFORE = cast.NOW - timedelta(days=40)
TERM = cast.NOW - timedelta(days=30)


def keep(content, *, by=7, at=LONG_BEFORE):
    return files.store(content, name="скан.png", by=by, at=at)


def test_only_what_nobody_used_goes_with_its_content():
    person = cast.householder(1, "anna", [12_840], monthly=[190])
    same, other = scans.picture("PNG"), scans.picture("JPEG")
    used, twin, alone = keep(same), keep(same), keep(other)
    late, strange = keep(scans.pdf(), at=cast.NOW), keep(same, by=None)
    actions.seal_meter(
        person.account.id, serial=person.serial, on=date(2026, 11, 10), at=cast.NOW, by=7,
        paper=Paper("1", "Кузнецов А. В.", "k" * 32, seals="АБ 1", scans=(used.id,)),
    )  # fmt: skip

    assert remove_unused(before=TERM) == 2
    assert remove_unused(before=TERM) == 0

    left = set(StoredFile.objects.values_list("pk", flat=True))
    assert left == {used.id, late.id, strange.id}
    assert not {twin.id, alone.id} & left
    assert files.read(used.id) == same
    assert FileContent.objects.count() == 2
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_store_is_as_closed_as_before():
    keep(scans.pdf())
    remove_unused(before=TERM)
    keep(scans.pdf())

    for model in (StoredFile, FileContent):
        with pytest.raises(ProgrammingError), transaction.atomic():
            model.objects.all()._raw_delete("default")
