import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

SHEETS = Path(__file__).resolve().parents[1] / "static" / "web"


def choose(browser: Client, theme: str, back: str = "/tariffs/"):
    return browser.post(reverse("theme"), {"theme": theme, "next": back})


@pytest.mark.parametrize(
    ("theme", "sheets"),
    [
        ("auto", ["theme-dark", "theme-contrast"]),
        ("light", []),
        ("dark", ["theme-dark"]),
        ("contrast", ["theme-contrast"]),
    ],
)
def test_a_chosen_theme_holds_on_every_page_of_this_browser(db, theme, sheets):
    browser = Client()

    answer = choose(browser, theme)
    page = browser.get(answer.headers["Location"]).content.decode()

    assert answer.headers["Location"] == "/tariffs/#look"
    assert re.findall(r"theme-\w+(?=\.css)", page) == sheets
    assert re.search(rf'value="{theme}" aria-pressed="true"', page)


def test_nothing_is_chosen_by_a_word_that_is_no_theme(db):
    browser = Client()

    answer = choose(browser, "</style>")

    assert answer.status_code == 302
    assert "theme" not in browser.cookies


def test_choosing_a_theme_never_leads_to_another_site(db):
    answer = choose(Client(), "dark", back="https://evil.example/")

    assert answer.headers["Location"] == reverse("website:home") + "#look"


def test_a_theme_changes_only_tokens_that_exist():
    tokens = set(re.findall(r"^  (--[\w-]+):", (SHEETS / "tokens.css").read_text(), re.MULTILINE))

    for theme in ("theme-dark.css", "theme-contrast.css"):
        changed = set(re.findall(r"^  (--[\w-]+):", (SHEETS / theme).read_text(), re.MULTILINE))
        assert changed, theme
        assert changed <= tokens, theme


def test_size_and_spacing_are_chosen_beside_the_colours_and_hold_on_every_page(db):
    browser = Client()
    for name, value in (("size", "largest"), ("spacing", "wide")):
        browser.post(reverse("theme"), {name: value, "next": "/tariffs/"})

    page = browser.get("/tariffs/").content.decode()

    assert 'class="size-largest spacing-wide"' in page
    assert re.search(r'name="size" value="largest" aria-pressed="true"', page)
    assert re.search(r'name="theme" value="auto" aria-pressed="true"', page)
    browser.post(reverse("theme"), {"size": "huge", "next": "/tariffs/"})
    browser.post(reverse("theme"), {"spacing": "usual", "next": "/tariffs/"})
    assert '<html lang="ru" class="size-largest">' in browser.get("/tariffs/").content.decode()


def test_one_press_at_the_top_turns_on_the_version_for_the_weak_sighted_and_off_again(db):
    browser = Client()
    assert "Для слабовидящих" in browser.get("/tariffs/").content.decode()

    answer = browser.post(reverse("theme"), {"sight": "weak", "next": "/tariffs/?on=2026-03-01"})

    assert answer.headers["Location"] == "/tariffs/?on=2026-03-01"
    page = browser.get("/offices/").content.decode()
    assert 'class="size-largest spacing-wide"' in page
    assert re.findall(r"theme-\w+(?=\.css)", page) == ["theme-contrast"]
    assert "Обычный вид" in page
    assert "Для слабовидящих" not in page

    browser.post(reverse("theme"), {"sight": "usual", "next": "/"})
    assert '<html lang="ru">' in browser.get("/").content.decode()
