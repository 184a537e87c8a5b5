"""Kannel from Debian, bound by SMPP to an operator's simulator; Dovecot from Debian with one mailbox."""

from __future__ import annotations

import asyncio
import getpass
import grp
import os
import shutil
import smtplib
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import smpp34

CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = test
smsbox-port = {smsbox}
box-allow-ip = 127.0.0.1
admin-allow-ip = 127.0.0.1

group = smsc
smsc = smpp
smsc-id = operator
host = 127.0.0.1
port = {operator}
transceiver-mode = true
smsc-username = svet
smsc-password = test
system-type = ""
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
http-request-retry = 20
http-queue-delay = 1

group = sendsms-user
username = svet
password = test
user-allow-ip = 127.0.0.1
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
post-url = "http://kannel:{password}@127.0.0.1:{web}/gates/sms/in/%I/"
send-sender = true
"""
PASSWORD = "brought-by-kannel"


MAIL_SERVER = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {inner}
default_login_user = {inner}
default_internal_group = {inner_group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


@dataclass
class Post:
    """A mail server with the company's mailbox: letters are delivered to it as by its SMTP neighbour (LMTP)."""

    imap: int
    lmtp: int
    folder: Path

    def deliver(self, *letters: bytes, sender: str = "anna@example.org") -> None:
        with smtplib.LMTP("127.0.0.1", self.lmtp) as way:
            for letter in letters:
                way.sendmail(sender, ["info@svet.example"], letter)


@dataclass
class Operator:
    """An operator that takes every SMS and reports its fate; its subscribers write too (`says`)."""

    fate: str = "DELIVRD"
    parts: list[smpp34.SubmitSmEvent] = field(default_factory=list)
    port: int = 0
    is_bound: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None
    esme: smpp34.Esme | None = None

    def text(self) -> str:
        """Return what came, its parts put together."""
        return "".join(_body(part).decode("utf-16-be") for part in self.parts)

    def says(self, body: bytes, *, phone: str, coding: int = 8, esm_class: int = 0) -> None:
        """Have a subscriber send an SMS (coding 8 is UCS-2, 0 the network's alphabet; esm class 64 has a header)."""

        async def send() -> None:
            await self.esme.deliver_sm(
                "4242", body, source_addr=phone, source_addr_ton=1, data_coding=coding, esm_class=esm_class
            )

        asyncio.run_coroutine_threadsafe(send(), self.loop).result(20)

    async def serve(self, stop: asyncio.Event) -> None:
        self.loop = asyncio.get_running_loop()
        server = smpp34.Server("127.0.0.1", self.port)
        await server.start()
        serving = asyncio.create_task(self._take(server))
        await stop.wait()
        serving.cancel()
        await server.stop()

    async def _take(self, server: smpp34.Server) -> None:
        esme, number = None, 0
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                esme = self.esme = event
                self.is_bound.set()
            elif isinstance(event, smpp34.SubmitSmEvent):
                number += 1
                self.parts.append(event)
                event.accept(str(number))
                if event.registered_delivery and esme is not None:
                    asyncio.get_running_loop().create_task(self._report(esme, event, str(number)))

    async def _report(self, esme: smpp34.Esme, event: smpp34.SubmitSmEvent, number: str) -> None:
        await asyncio.sleep(0.3)  # an operator's report never comes before its answer
        text = (
            f"id:{number} sub:001 dlvrd:001 submit date:2611181030 done date:2611181030 stat:{self.fate} err:000 text:"
        )
        await esme.deliver_sm(
            event.source_addr, text.encode(), source_addr=event.destination_addr, source_addr_ton=1, esm_class=4
        )


def _body(part: smpp34.SubmitSmEvent) -> bytes:
    raw = part.short_message
    return raw[raw[0] + 1 :] if part.esm_class & 0x40 else raw


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(true, *, seconds: float = 20) -> bool:
    """Wait until something is true; return whether it became so."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def operator():
    one = Operator(port=free_port())
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(one.serve(stop)))
    thread.start()
    yield one
    loop.call_soon_threadsafe(stop.set)
    thread.join()


@pytest.fixture
def kannel(operator, tmp_path, settings, live_server, monkeypatch):
    """Start the gateway and point the settings to it."""
    monkeypatch.setenv(settings.SMS_SECRET_NAME, PASSWORD)
    ports = {name: free_port() for name in ("admin", "smsbox", "sendsms")}
    file = Path(tmp_path) / "kannel.conf"
    web = live_server.url.rpartition(":")[2]
    file.write_text(CONFIGURATION.format(operator=operator.port, web=web, password=PASSWORD, **ports))
    boxes = [_start("/usr/sbin/bearerbox", file)]
    assert until(lambda: _listens(ports["smsbox"]))
    boxes.append(_start("/usr/sbin/smsbox", file))
    assert operator.is_bound.wait(20)
    assert until(lambda: _listens(ports["sendsms"]))
    settings.SMS_URL = f"http://127.0.0.1:{ports['sendsms']}/cgi-bin/sendsms"
    settings.SMS_USER, settings.SMS_PASSWORD, settings.SMS_FROM = "svet", "test", "SVET"
    settings.SMS_REPORT_BASE = live_server.url.replace("localhost", "127.0.0.1")
    yield
    for box in reversed(boxes):
        box.kill()  # asked politely, bearerbox waits long for its operator
        box.wait(20)


def _start(program: str, file: Path) -> subprocess.Popen:
    return subprocess.Popen([program, str(file)], cwd=file.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def _owners(folder: Path) -> dict[str, str]:
    """Return whose the letters are and who serves them: all of it is ours, but root must not own letters."""
    if os.getuid():
        own, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        return {"user": own, "group": group, "inner": own, "inner_group": group}
    temporary = Path(tempfile.gettempdir())
    for place in (folder, *(one for one in folder.parents if one.is_relative_to(temporary) and one != temporary)):
        place.chmod(0o755)
    for name in ("mail", "home"):
        (folder / name).mkdir()
        shutil.chown(folder / name, "nobody", "nogroup")
    return {"user": "nobody", "group": "nogroup", "inner": "dovecot", "inner_group": "dovecot"}


@pytest.fixture
def post(tmp_path, settings):
    """Start the mail server and point the settings to it."""
    ports = {"imap": free_port(), "lmtp": free_port()}
    folder = Path(tmp_path) / "post"
    folder.mkdir()
    names = _owners(folder)
    file = folder / "dovecot.conf"
    file.write_text(MAIL_SERVER.format(folder=folder, **names, **ports))
    server = subprocess.Popen(
        ["/usr/sbin/dovecot", "-F", "-c", str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    assert until(lambda: _listens(ports["imap"]) and _listens(ports["lmtp"])), (folder / "log").read_text()
    settings.MAIL_HOST, settings.MAIL_PORT, settings.MAIL_TLS = "127.0.0.1", ports["imap"], False
    settings.MAIL_USER, settings.MAIL_PASSWORD = "info@svet.example", "any"
    settings.DEFAULT_FROM_EMAIL, settings.MAIL_OWN_ADDRESSES = "info@svet.example", ["info@svet.example"]
    settings.MAIL_AUTHSERV = "mx.svet.example"
    yield Post(folder=folder, **ports)
    server.terminate()
    server.wait(20)
