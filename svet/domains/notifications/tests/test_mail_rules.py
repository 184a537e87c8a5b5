"""Letters out of any bytes: charsets wrong or missing, HTML, broken ones; what each letter is by its headers."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from svet.domains.notifications.rules.mail import (
    Mail,
    OurId,
    Sort,
    claims_falsely,
    our_ids,
    own_words,
    read_mail,
    sort_mail,
)

RUSSIAN = "Здравствуйте, проверьте начисления за октябрь"


def raw(body: bytes, *, content_type="text/plain", more=b"") -> bytes:
    return b"From: a@example.org\r\nSubject: x\r\n" + more + f"Content-Type: {content_type}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("; charset=utf-8", "utf-8"),
        ("; charset=windows-1251", "cp1251"),
        ("; charset=koi8-r", "koi8-r"),
        ("; charset=utf-8", "cp1251"),  # says one, is another
        ("; charset=us-ascii", "koi8-r"),
        ("; charset=klingon", "utf-8"),
        ("", "cp1251"),
        ("", "utf-8"),
        ("", "cp866"),
    ],
)
def test_a_charset_is_believed_only_where_it_fits(charset, encoding):
    assert read_mail(raw(RUSSIAN.encode(encoding), content_type=f"text/plain{charset}")).text == RUSSIAN


def test_headers_come_out_readable_and_turn_no_text_around():
    one = read_mail(
        b"From: Anna <A@Example.ORG>\r\nMessage-ID: <one@example.org>\r\n"
        b"Subject: =?utf-8?Q?=D0=A1=D0=B2=D0=B5=D1=82?=\r\n =?utf-8?B?4oCuZ25w?= tail\r\n"
        b"In-Reply-To: <two@x>\r\nReferences: <three@x> <two@x>\r\n\r\nx"
    )

    assert (one.sender, one.message_id, one.answers_to) == ("a@example.org", "one@example.org", ("two@x", "three@x"))
    assert one.subject == "Светgnp tail"
    raw_subject = read_mail("Subject: Без кодировки\r\nFrom: Анна <a@b.ru>\r\n\r\n".encode("cp1251"))
    assert (raw_subject.subject, raw_subject.sender) == ("Без кодировки", "a@b.ru")


def test_html_is_read_as_people_see_it():
    page = (
        "<html><head><title>t</title><style>p{color:red}</style></head><body onload=alert(1)><p>Первая<br>вторая</p>"
        "<script>alert(1)</script><a href='https://x.ru/y'>сюда</a> <a href='javascript:alert(1)'>нет</a>"
        "<blockquote>цитата</blockquote></body></html>"
    )
    text = read_mail(raw(page.encode(), content_type="text/html; charset=utf-8")).text

    assert text.split("\n")[:2] == ["Первая", "вторая"]
    assert "сюда (https://x.ru/y)" in text
    assert "> цитата" in text
    assert not any(word in text for word in ("alert", "color", "javascript", "<"))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Спасибо\n\n-----Original Message-----\nFrom: x", "Спасибо"),
        ("Спасибо\n\nOn Mon, 23 Nov 2026, Svet wrote:\n> a\n> b", "Спасибо"),
        ("Спасибо\n\n23.11.2026 10:00, Свет пишет:\n> a", "Спасибо"),
        ("Спасибо\n\nпонедельник, 23 ноября 2026 г., 10:00 +03:00 от Свет <a@b.ru>:\n> a", "Спасибо"),
        ("Спасибо\n\nОт: Свет\nКому: Анна\nТема: x", "Спасибо"),
        ("> вопрос первый\nответ первый\n> вопрос второй\nответ второй", None),
        ("Вот ответы:\n> вопрос\nответ", None),
        ("> только цитата", None),
        ("Обычное письмо\nв две строки", None),
    ],
)
def test_only_what_is_quoted_beneath_is_cut(text, own):
    assert own_words(text)[0] == (own or text)


@pytest.mark.parametrize(
    ("headers", "sort"),
    [
        ({"auto-submitted": "no"}, Sort.ORDINARY),
        ({"auto-submitted": "auto-replied; owner=x"}, Sort.AUTO_REPLY),
        ({"auto-submitted": "auto-generated"}, Sort.AUTO_REPLY),
        ({"x-autoreply": "yes"}, Sort.AUTO_REPLY),
        ({"precedence": "auto_reply"}, Sort.AUTO_REPLY),
        ({"return-path": "<>"}, Sort.AUTO_REPLY),
        ({"content-type": "multipart/report; report-type=disposition-notification"}, Sort.AUTO_REPLY),
        ({"content-type": "multipart/report; report-type=delivery-status"}, Sort.BOUNCE),
        ({"x-failed-recipients": "a@b.ru"}, Sort.BOUNCE),
        ({"precedence": "bulk"}, Sort.BULK),
        ({"list-id": "<x>"}, Sort.BULK),
        ({"x-spam-status": "Yes, score=9"}, Sort.SPAM),
        ({"x-loop": "svet"}, Sort.LOOP),
        ({"x-auto-response-suppress": "All"}, Sort.ORDINARY),  # asks us for silence, and may be a person's
    ],
)
def test_a_letter_is_what_its_headers_say(headers, sort):
    mail = Mail(sender="a@b.ru", text="x", headers={name: (value,) for name, value in headers.items()})

    assert sort_mail(mail, own_addresses=["info@svet.ru"], domain="svet.ru").sort is sort


def test_only_our_servers_word_about_the_sender_counts():
    said = ("mx.svet.ru; spf=fail; dmarc=fail (p=none)",)
    forged = ("mx.svet.ru; dmarc=pass", "mx.svet.ru; dmarc=fail")

    assert claims_falsely(Mail(headers={"authentication-results": said}), authority="mx.svet.ru")
    assert not claims_falsely(Mail(headers={"authentication-results": forged}), authority="mx.svet.ru")
    assert not claims_falsely(Mail(headers={"authentication-results": said}), authority="")
    ids = [
        "svet-1@svet.ru.evil.ru",
        "xsvet-1@svet.ru",
        "svet-1@SVET.ru",
        f"svet-2-{'A' * 32}@svet.ru",
        "svet-3-a@svet.ru",
    ]
    assert our_ids(ids, domain="svet.ru") == [OurId(1, ""), OurId(2, "a" * 32)]


@given(st.binary(max_size=400))
@example(b"")
@example(b"\x00" * 100)
@example(b"Content-Type: multipart/mixed\r\n\r\n")
@example(b'Content-Type: multipart/mixed; boundary=""\r\n\r\n--\r\n')
@example(b"Content-Type: text/plain; charset=\xff\xfe\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!")
@example(b"Content-Type: message/rfc822\r\n\r\n" * 200)
@example(b"Subject: =?utf-8?B?!!!?=\r\nFrom: =?x?Q?=\r\n\r\n")
@example(b"From: " + b"a" * 100_000 + b"\r\n\r\n")
@example(b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient\r\n\r\n")
@example(b"Content-Type: text/html\r\n\r\n" + b"<div>" * 5_000 + b"<![CDATA[" + b"<!-- ")
def test_whatever_the_bytes_are_a_letter_comes_out_of_one_kind(content):
    mail = read_mail(content)

    assert sort_mail(mail, own_addresses=[], domain="svet.ru").sort in Sort
    assert "\x00" not in mail.text + mail.subject + mail.sender + mail.sender_name + mail.message_id


BODY = b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
NESTED = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (one, one) for one in range(200))


@pytest.mark.parametrize(
    "rest",
    [
        b"X-Long: " + b";" * 2_000_000 + b"\r\n\r\nhi",
        b"".join(b"X-%d: a\r\n" % one for one in range(100_000)) + b"\r\nhi",
        BODY + b"--b\r\n\r\n" * 1_000_000,
        NESTED + b"\r\n" + b"a\r\n" * 1_000_000,
        b"Content-Type: message/rfc822\r\n\r\n" * 3_000,
    ],
    ids=["a header", "headers", "parts", "lines in multiparts", "letters in letters"],
)
def test_a_letter_built_to_tire_its_reader_is_left_to_people_with_its_sender(rest):
    mail = read_mail(b"From: a@example.org\r\nSubject: x\r\n" + rest)

    assert (mail.is_broken, mail.sender, mail.subject) == (True, "a@example.org", "x")


@pytest.mark.parametrize(
    ("content_type", "body", "text"),
    [
        ("text/html", b"<p>hi<!-- one --> you</p>" + b"<!--" * 190_000, "hi you"),
        ("text/html", b"<p>hi<!--> you<![CDATA[ x ]]></p>" + b"<![CDATA[" * 80_000, "hi you"),
        ("text/html", b"<!doctype html><![if !mso]>hi<![endif]>" + b"<!" * 300_000, "hi"),
        ("text/plain" + ";" * 900_000, b"hi", "hi"),
        ("text/plain; charset=punycode", b"a-" + b"zz9" * 260_000, "a-" + "zz9" * 66_666),
        ("text/plain; charset=idna", b"hi", "hi"),
        ("text/plain; charset=unicode_escape", rb"\u041f", r"\u041f"),
        ("text/plain; charset=rot13", b"hi", "hi"),
    ],
    ids=["comments", "sections", "declarations", "parameters", "punycode", "idna", "escapes", "rot13"],
)
def test_what_keeps_a_parser_for_long_is_read_past(content_type, body, text):
    assert read_mail(raw(body, content_type=content_type)).text == text
