"""What is kept in the store of files, what is refused, and that nothing lies about what it is."""

import io
import struct
import zlib

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from PIL import Image

from svet.infra import files
from svet.infra.file_kinds import FileRefused
from svet.infra.models import FileContent, StoredFile
from svet.kernel.errors import NotFound
from tests import cast, scans

pytestmark = pytest.mark.django_db


def keep(content, name="акт.pdf", *, by=7, at=cast.NOW):
    return files.store(content, name=name, by=by, at=at)


def refused(content, name="акт.pdf"):
    with pytest.raises(FileRefused) as error:
        keep(content, name)
    assert not StoredFile.objects.exists()
    return error.value.code


@pytest.mark.parametrize(
    ("content", "name", "kept_as"),
    [
        (scans.pdf(), "Акт 17.pdf", ("Акт 17.pdf", "application/pdf")),
        (scans.picture("JPEG"), "скан.JPG", ("скан.JPG", "image/jpeg")),
        (scans.picture("PNG"), "скан.pdf", ("скан.pdf.png", "image/png")),
        (scans.pdf(), "C:\\temp\\..\\акт\n<b>.exe", ("акт<b>.exe.pdf", "application/pdf")),
        (scans.pdf(), "\u202efdp.exe😀", ("fdp.exe😀.pdf", "application/pdf")),
        (scans.pdf(), "я" * 300, ("я" * 145 + ".pdf", "application/pdf")),
        (scans.pdf(), "///", ("файл.pdf", "application/pdf")),
    ],
)
def test_a_file_is_kept_as_what_its_content_is(content, name, kept_as):
    info = keep(content, name)

    assert (info.name, info.media_type) == kept_as
    assert info.size == len(content)
    assert files.read(info.id) == content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_is_empty"),
        (b"<html><script>alert(1)</script></html>", "file_kind_is_refused"),
        (b"MZ\x90\x00" + scans.pdf(), "file_kind_is_refused"),
        (b"PK\x03\x04" + b"0" * 100, "file_kind_is_refused"),
        (b"GIF89a" + scans.pdf(), "file_kind_is_refused"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "file_kind_is_refused"),
        (b"%PDF-1.7\n<html><script>alert(1)</script></html>", "file_is_broken"),
        (scans.pdf()[:-30], "file_is_broken"),
        (scans.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "pdf_acts_by_itself"),
        (scans.pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "pdf_acts_by_itself"),
        (scans.pdf(b"/Encrypt 9 0 R"), "pdf_is_locked"),
        (b"\xff\xd8\xff\xe0<html>", "file_is_broken"),
        (scans.picture("JPEG")[:-400], "file_is_broken"),
        (scans.picture("PNG")[:-40], "file_is_broken"),
        (b"0" * (files.MOST_BYTES + 1), "file_is_too_large"),
    ],
)
def test_what_lies_or_is_broken_is_refused(content, code):
    assert refused(content) == code


def test_a_picture_that_would_swell_is_refused_before_it_is_decoded():
    rows = zlib.compress(b"\0" * 10_000_000)
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunks = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    )

    assert refused(b"\x89PNG\r\n\x1a\n" + chunks, "скан.png") in {"image_is_too_large", "file_is_broken"}


def test_a_page_scanned_at_600_dots_is_kept():
    page = io.BytesIO()
    Image.new("1", (4960, 7016)).save(page, "PNG")

    assert keep(page.getvalue(), "скан.png").media_type == "image/png"


def test_the_same_content_is_kept_once():
    first, second = keep(scans.pdf()), keep(scans.pdf(), by=8)

    assert first.key != second.key
    assert FileContent.objects.count() == 1


def test_only_who_gave_a_file_finds_it_by_its_key():
    mine, others = keep(scans.pdf()), keep(scans.pdf(), by=8)

    assert [one.id for one in files.given([others.key, mine.key, "x", "\x00", mine.key], by=7)] == [mine.id]


def test_one_person_gives_so_many_files_a_day_and_no_more(monkeypatch):
    monkeypatch.setattr(files, "MOST_A_DAY", 2)
    keep(scans.pdf())
    keep(scans.pdf())

    with pytest.raises(FileRefused) as error:
        keep(scans.pdf())

    assert error.value.code == "too_many_files"
    assert keep(scans.pdf(), by=8).size
    assert keep(scans.pdf(), at=cast.NOW.replace(day=20)).size


@pytest.mark.parametrize("statement", ["UPDATE infra_file SET name = 'x'", "DELETE FROM infra_file_content"])
def test_nothing_kept_is_rewritten(statement):
    keep(scans.pdf())

    with pytest.raises(DatabaseError, match="Cannot update or delete"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_is_not_there_is_not_found():
    with pytest.raises(NotFound):
        files.read(404)
