"""What a browser asks for by itself changes nothing in the middle of signing in."""

from django.conf import settings
from django.test import Client


def test_the_icon_is_led_to_and_gives_no_cookie():
    browser = Client()
    answer = browser.get("/favicon.ico")

    assert answer.status_code == 302
    assert answer["Location"].endswith(".svg")
    assert settings.CSRF_COOKIE_NAME not in answer.cookies
