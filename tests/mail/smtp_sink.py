"""A mail server on loopback for tests: it speaks SMTP with STARTTLS, TLS and passwords, keeps what it gets, and fails on wish."""

from __future__ import annotations

import base64
import datetime as dt
import email
import email.policy
import socket
import socketserver
import ssl
import threading
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """One message, and how it came."""

    sender: str
    to: list[str]
    mail: EmailMessage
    sealed: bool


@dataclass
class Manners:
    """How the server behaves."""

    starttls: bool = True
    tls: bool = False
    user: str = ""
    password: str = ""
    refuse: dict[str, str] = field(default_factory=dict)  # first words of a command -> answer
    silent: bool = False  # says nothing for ever


class Sink(socketserver.ThreadingTCPServer):
    """The server. `port` is where it listens."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, manners: Manners, certificate: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.manners, self.received, self.talks = manners, [], 0
        self.said: list[str] = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.ending = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    received: list[Received]

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def end(self) -> None:
        self.ending.set()
        self.shutdown()
        self.server_close()


class _Talk(socketserver.BaseRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.talks += 1
        self.sealed, self.sender, self.to = False, "", []
        if self.server.manners.silent:
            self.server.ending.wait(20)
            return
        try:
            if self.server.manners.tls:
                self._seal()
            else:
                self._open(self.request)
            self._say("220 sink")
            while self._answer(self.file.readline().decode().rstrip("\r\n")):
                pass
        except OSError:
            pass

    def _open(self, line: socket.socket) -> None:
        self.line, self.file = line, line.makefile("rb")

    def _seal(self) -> None:
        self._open(self.server.context.wrap_socket(self.request, server_side=True))
        self.sealed = True

    def _say(self, text: str) -> None:
        self.line.sendall(text.encode() + b"\r\n")

    def _answer(self, said: str) -> bool:
        if not said:
            return False
        self.server.said.append(said)
        word = said.split(" ", maxsplit=1)[0].upper()
        refused = next((answer for start, answer in self.server.manners.refuse.items() if said.upper().startswith(start)), "")
        if refused:
            self._say(refused)
        else:
            getattr(self, f"_{word.lower()}", self._unknown)(said)
        return word != "QUIT"

    def _ehlo(self, _: str) -> None:
        offers = ["sink"]
        if self.server.manners.starttls and not self.sealed:
            offers.append("STARTTLS")
        if self.server.manners.user:
            offers.append("AUTH PLAIN")
        self._say("\r\n".join(f"250{' ' if offer == offers[-1] else '-'}{offer}" for offer in offers))

    def _starttls(self, _: str) -> None:
        self._say("220 go ahead")
        self._seal()

    def _auth(self, said: str) -> None:
        given = base64.b64decode(said.split(" ")[2]).decode().split("\0")[1:]
        right = given == [self.server.manners.user, self.server.manners.password]
        self._say("235 welcome" if right else "535 no")

    def _mail(self, said: str) -> None:
        self.sender = said.partition("<")[2].partition(">")[0]
        self._say("250 ok")

    def _rcpt(self, said: str) -> None:
        self.to.append(said.partition("<")[2].partition(">")[0])
        self._say("250 ok")

    def _data(self, _: str) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line)
        mail = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.server.received.append(Received(self.sender, self.to, mail, self.sealed))
        self._say("250 kept")

    def _rset(self, _: str) -> None:
        self._say("250 ok")

    def _quit(self, _: str) -> None:
        self._say("221 bye")

    def _unknown(self, _: str) -> None:
        self._say("500 what?")


def certificate(folder: Path, name: str = "localhost") -> Path:
    """Make a certificate for `name` with its key in one file, and return it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key_text = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(key_text + made.public_bytes(pem))
    return path
