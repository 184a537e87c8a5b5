"""Coming in as a stranger does: sign-up by the last bill, a contact confirmed, signing in by a code; a guest."""

import pytest
from playwright.sync_api import expect

from svet.domains.accounts import actions as accounts
from svet.domains.billing import actions as billing
from svet.domains.billing import jobs as billing_jobs
from svet.domains.billing import queries as bills
from svet.kernel.period import Month
from tests import cast, letters
from tests.browser.conftest import DESKTOP, PHONE, photograph, scrolls_sideways, sign_in, violations
from tests.browser.test_every_page import RULES


@pytest.fixture
def newcomer(people) -> cast.Householder:
    """Anna with her October bill in hand; nobody owns her account."""
    run_id = billing.start_run(month=Month("2026-10"), dry=False, started_by=None, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    billing.issue_bills(run_id, at=cast.NOW)
    billing_jobs.work_off(run_id, at=cast.NOW)
    anna = people.anna
    accounts.revoke_access(anna.account.id, user_id=anna.user_id, until_on=cast.date(2025, 1, 1), at=cast.NOW)
    return anna


def invitation_to(address: str) -> str:
    """Return the link of the invitation that was sent to the address."""
    letter = next(one for one in reversed(letters.taken()) if one.kind == "invitation" and one.address == address)
    return str(letter.facts["link"])


def show(page, name: str) -> None:
    """Keep pictures of the page in a large and a small window; it is fit for everybody."""
    page.set_viewport_size(PHONE)
    photograph(page, f"entry/{name}-390")
    assert not scrolls_sideways(page)
    assert violations(page, RULES) == []
    page.set_viewport_size(DESKTOP)
    photograph(page, f"entry/{name}-1280")


def sign_up(page, newcomer: cast.Householder) -> None:
    """Sign up by the bill in hand, confirm an e-mail, sign out."""
    bill = bills.bills_of(newcomer.account.id, limit=1)[0]
    show(page, "sign-in")
    page.get_by_role("link", name="Зарегистрируйтесь").click()
    expect(page.get_by_role("heading", name="Регистрация")).to_be_visible()
    page.get_by_label("Номер лицевого счёта").fill(newcomer.number)
    page.get_by_label("Номер последнего счёта").fill(bill.number)
    page.get_by_label("Сколько в нём к оплате").fill("1,00")
    page.get_by_role("button", name="Продолжить").click()
    page.get_by_role("link", name="Данные не совпали").wait_for()
    show(page, "sign-up")
    page.get_by_label("Сколько в нём к оплате").fill(f"{bill.to_pay}".replace(".", ","))
    page.get_by_role("button", name="Продолжить").click()
    page.get_by_label("Фамилия").fill("О'Брайен-Смирнова")
    page.get_by_label("Имя").fill("Анна")
    page.get_by_label("Придумайте пароль").fill("светлый-дом-2026")
    show(page, "finish")
    page.get_by_role("button", name="Открыть личный кабинет").click()

    page.get_by_label("Новый телефон или почта").fill("anna.smirnova@example.org")
    page.get_by_role("button", name="Добавить").click()
    expect(page.get_by_label("Код из сообщения")).to_be_visible()
    show(page, "confirm")
    page.get_by_label("Код из сообщения").fill(letters.code_to("anna.smirnova@example.org"))
    page.get_by_role("button", name="Подтвердить").click()
    page.get_by_text("Контакт подтверждён").wait_for()
    show(page, "choices")
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("button", name="Выйти")).to_have_count(0)


def test_from_the_last_bill_to_a_guest_who_comes_and_goes(visit, newcomer):
    page = visit("/sign-in/")
    sign_up(page, newcomer)

    page.goto("/sign-in/")
    page.get_by_role("link", name="Войти по коду").click()
    expect(page.get_by_role("heading", name="Вход по коду")).to_be_visible()
    show(page, "by-code")
    page.get_by_label("Номер лицевого счёта, телефон или почта").fill("Anna.Smirnova@Example.org")
    page.get_by_role("button", name="Получить код").click()
    expect(page.get_by_role("heading", name="Введите код")).to_be_visible()
    show(page, "enter-code")
    page.get_by_label("Код из сообщения").fill(letters.code_to("anna.smirnova@example.org"))
    page.get_by_role("button", name="Войти", exact=True).click()
    page.wait_for_url(f"**/cabinet/{newcomer.number}/")

    page.get_by_role("link", name="Люди").click()
    page.get_by_label("Телефон или почта человека").fill("oleg@example.org")
    page.get_by_label("видеть всё, передавать показания и платить").check()
    page.get_by_role("button", name="Отправить приглашение").click()
    page.get_by_text("Приглашение отправлено").wait_for()
    show(page, "people")

    guest = visit(invitation_to("oleg@example.org"))
    show(guest, "invitation")
    guest.get_by_label("Фамилия").fill("Гостев")
    guest.get_by_label("Имя").fill("Олег")
    guest.get_by_label("Придумайте пароль").fill("светлый-гость-2026")
    guest.get_by_role("button", name="Принять приглашение").click()
    guest.get_by_text("Приглашение принято").wait_for()
    show(guest, "guest")

    page.reload()
    page.get_by_role("button", name="Закрыть доступ").click()
    page.get_by_text("Доступ закрыт").wait_for()
    assert guest.goto(f"/cabinet/{newcomer.number}/").status == 404


def test_a_passkey_signs_in_without_a_password(visit, people):
    page = visit("/sign-in/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    terms = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    device.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": terms | {"isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    sign_in(page, people.anna.number)
    page.goto("/my/")
    page.get_by_role("definition").filter(has_text="нет").get_by_role("link").click()
    page.get_by_role("link", name="Добавить ключ").click()
    page.get_by_label("Как назвать ключ").fill("Мой телефон «О'Брайен» 😀")
    page.get_by_label("Входить этим ключом без пароля").check()
    show(page, "add-passkey")
    page.get_by_role("button", name="Добавить ключ").click()
    page.wait_for_url("**/my/second-factor/codes/**")
    page.goto("/my/passkeys/")
    page.get_by_role("rowheader", name="Мой телефон «О'Брайен» 😀").wait_for()
    show(page, "passkeys")
    page.goto("/my/")
    show(page, "security")
    page.goto("/my/sessions/")
    show(page, "sessions")
    page.get_by_role("button", name="Выйти", exact=True).click()
    expect(page.get_by_role("button", name="Выйти", exact=True)).to_have_count(0)

    page.goto("/sign-in/")
    page.get_by_role("button", name="Ключом входа или отпечатком").click()

    page.wait_for_url(f"**/cabinet/{people.anna.number}/")
