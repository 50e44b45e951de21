"""Mail: taken by a real server on this machine, tried again, never the fault of a request."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.mail import Letter, Mail, MailFailed
from portal.settings import InvalidSetting, Settings

LETTER = Letter(
    "anna@ente.it",
    "Perché è così: «città»",
    "Buongiorno,\n\nla città è Forlì.\n.\nFine\n",
    {"List-Unsubscribe": "<https://portale.ente.it/basta>"},
)


@dataclass
class Box:
    """What a server took, and what it answers to the next letters ("250 OK" once it is empty)."""

    letters: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    full: str | None = None  # an address whose box takes no letter for now
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address == self.full:
            return "452 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        self.encrypted.append(session.ssl is not None)
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(box: Box, **options: Any) -> Iterator[int]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def settings(port: int, **changes: str | int) -> Settings:
    values = {
        "METROPOLI_SMTP_HOST": "127.0.0.1",
        "METROPOLI_SMTP_PORT": str(port),
        "METROPOLI_SMTP_SECURITY": "nessuna",
        "METROPOLI_SMTP_FROM": "portale@ente.it",
    }
    return replace(Settings.from_environment(values), **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Certificate:
    """Of 127.0.0.1, believed by nobody but ``trust``."""

    server: ssl.SSLContext
    trust: ssl.SSLContext


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem: Path = tmp_path_factory.mktemp("certificate") / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(pem)
    return Certificate(serving, ssl.create_default_context(cafile=str(pem)))


def test_a_letter_arrives_as_it_was_written() -> None:
    box = Box()
    with server(box) as port:
        Mail(settings(port, brand="Città «in rete»")).deliver(LETTER)
    (letter,) = box.letters
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text
    assert letter["Subject"] == LETTER.subject
    assert letter["To"] == "anna@ente.it"
    assert letter["From"].addresses[0].display_name == "Città «in rete»"
    assert letter["From"].addresses[0].addr_spec == "portale@ente.it"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["List-Unsubscribe"] == "<https://portale.ente.it/basta>"
    assert letter["Message-ID"].endswith("@ente.it>")
    assert letter["Date"].datetime.tzinfo is not None


def test_starttls_and_tls_encrypt_and_believe_only_known_certificates(
    certificate: Certificate,
) -> None:
    box = Box()
    with server(box, tls_context=certificate.server, require_starttls=True) as port:
        chosen = settings(port, smtp_security="starttls")
        Mail(chosen, certificate.trust).deliver(LETTER)
        with pytest.raises(MailFailed, match="certificate verify failed"):
            Mail(chosen).deliver(LETTER)
        with pytest.raises(MailFailed):
            Mail(settings(port)).deliver(LETTER)
    with server(box, ssl_context=certificate.server) as port:
        # The server's own TLS is below what aiosmtpd calls a session's.
        Mail(settings(port, smtp_security="tls"), certificate.trust).deliver(LETTER)
    assert len(box.letters) == 2
    assert box.encrypted[0]


def test_starttls_never_falls_back_to_plain_text() -> None:
    box = Box()
    with server(box) as port, pytest.raises(MailFailed):
        Mail(settings(port, smtp_security="starttls")).deliver(LETTER)
    assert box.letters == []


def test_the_server_may_want_a_user_and_a_password(certificate: Certificate) -> None:
    box = Box()

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        good = isinstance(data, LoginPassword) and data.password == b"segreto"
        return AuthResult(success=good, handled=good)

    options = {
        "tls_context": certificate.server,
        "authenticator": check,
        "auth_required": True,
    }
    with server(box, **options) as port:
        chosen = settings(port, smtp_security="starttls", smtp_user="u", smtp_password="segreto")
        Mail(chosen, certificate.trust).deliver(LETTER)
        with pytest.raises(MailFailed) as refusal:
            Mail(replace(chosen, smtp_password="no"), certificate.trust).deliver(LETTER)
    assert refusal.value.lasting
    assert len(box.letters) == 1
    assert "segreto" not in repr(chosen)


def test_a_posted_letter_is_tried_again_while_the_refusal_may_pass() -> None:
    box = Box(answers=["451 later", "451 later"])
    with server(box) as port:
        mail = Mail(settings(port), pauses=(0, 0.01, 0.01))
        mail.post(LETTER)
        assert mail.wait(10)
    assert len(box.letters) == 1


@pytest.mark.parametrize(
    ("answers", "left"),
    [(["451 later"] * 3 + ["550 no"], ["550 no"]), (["550 no", "451 later"], ["451 later"])],
)
def test_a_letter_is_given_up_at_the_third_attempt_or_at_a_lasting_refusal(
    answers: list[str], left: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    box = Box(answers=list(answers))
    with server(box) as port:
        mail = Mail(settings(port), pauses=(0, 0.01, 0.01))
        mail.post(LETTER)
        assert mail.wait(10)
    assert box.letters == []
    assert box.answers == left
    assert "given up" in caplog.text
    assert "anna" not in caplog.text


def test_one_letter_that_waits_does_not_hold_the_others() -> None:
    box = Box(answers=["451 later"])
    with server(box) as port:
        mail = Mail(settings(port), pauses=(0, 60))
        mail.post(LETTER)
        mail.post(replace(LETTER, to="bea@ente.it"))
        assert not mail.wait(0.5)
    assert [letter["To"] for letter in box.letters] == ["bea@ente.it"]


def test_posting_never_waits_for_a_server_that_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    class Stuck(Mail):
        def deliver(self, letter: Letter) -> None:
            threading.Event().wait()

    mail = Stuck(settings(25))
    started = time.monotonic()
    for _ in range(1_100):
        mail.post(LETTER)
    assert time.monotonic() - started < 5
    assert "dropped" in caplog.text


@pytest.mark.parametrize(
    "letter",
    [
        replace(LETTER, to="anna@ente.it\nBcc: tutti@ente.it"),
        replace(LETTER, subject="Ciao\r\nBcc: tutti@ente.it"),
        replace(LETTER, headers={"X-Altro": "a\nb"}),
    ],
)
def test_a_letter_with_a_forged_header_is_not_sent(letter: Letter) -> None:
    box = Box()
    with server(box) as port, pytest.raises(MailFailed) as refusal:
        Mail(settings(port)).deliver(letter)
    assert refusal.value.lasting
    assert box.letters == []


def test_without_a_server_nothing_is_sent() -> None:
    mail = Mail(Settings.from_environment({}))
    assert not mail.enabled
    mail.post(LETTER)
    assert mail.wait(0)
    with pytest.raises(MailFailed):
        mail.deliver(LETTER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METROPOLI_SMTP_SECURITY", "ssl"),
        ("METROPOLI_SMTP_PORT", "0"),
        ("METROPOLI_SMTP_FROM", "portale"),
        ("METROPOLI_SMTP_FROM", "Portale <a@b.it>"),
        ("METROPOLI_SMTP_FROM", ""),
    ],
)
def test_settings_of_mail_that_cannot_work_are_refused(name: str, value: str) -> None:
    good = {"METROPOLI_SMTP_HOST": "posta.ente.it", "METROPOLI_SMTP_FROM": "portale@ente.it"}
    with pytest.raises(InvalidSetting) as refusal:
        Settings.from_environment(good | {name: value})
    assert refusal.value.name == name
