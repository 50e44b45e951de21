"""Settings: one frozen object, read from ``METROPOLI_*`` variables, each with its explanation."""

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_type_hints

from corpus.vocabulary import Role

PREFIX = "METROPOLI_"
SECRET_LENGTH = 32  # characters; what ``secrets.token_urlsafe`` makes is longer
# Keys seen in tutorials and examples: one of them in production opens every session.
# Words of six letters or more: a random key practically never holds one by chance.
EXAMPLE_KEYS = ("secret", "changeme", "change-me", "cambiami", "example", "esempio", "default")


class InvalidSetting(ValueError):
    """A setting refuses its value: the name of the variable and how to write it, in Italian."""

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice}")
        self.name = name
        self.advice = advice


def _text(name: str, value: str) -> str:
    return value.strip()


def _verbatim(name: str, value: str) -> str:
    return value


def _folder(name: str, value: str) -> Path:
    return Path(value).expanduser()


def _optional_folder(name: str, value: str) -> Path | None:
    return _folder(name, value) if value else None


def _yes(name: str, value: str) -> bool:
    if value not in ("sì", "si", "no"):
        raise InvalidSetting(name, "scrivere «sì» oppure «no»")
    return value != "no"


def _names(name: str, value: str) -> tuple[str, ...]:
    names = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if not names:
        raise InvalidSetting(name, "scrivere almeno un nome, separato dagli altri con la virgola")
    return names


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def parse(name: str, value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) <= 9):
            raise InvalidSetting(name, f"scrivere un numero intero da {least} a {most}")
        number = int(value)
        if not least <= number <= most:
            raise InvalidSetting(name, f"scrivere un numero intero da {least} a {most}")
        return number

    return parse


def _address(name: str, value: str) -> str:
    if value and not value.startswith(("https://", "http://")):
        raise InvalidSetting(name, "scrivere un indirizzo che comincia con https://")
    return value


def _token(name: str, value: str) -> str:
    if value and not re.fullmatch(r"[A-Za-z0-9._~+/=-]{20,200}", value):
        raise InvalidSetting(name, "scrivere da 20 a 200 lettere e cifre senza spazi, a caso")
    return value


def _issuer(name: str, value: str) -> str:
    own = ("http://127.0.0.1:", "http://localhost:")  # for trials on this machine
    if value and not value.startswith(("https://", *own)):
        raise InvalidSetting(name, "scrivere un indirizzo che comincia con https://")
    return value


def _one_of(*values: str) -> Callable[[str, str], str]:
    def parse(name: str, value: str) -> str:
        if value not in values:
            raise InvalidSetting(name, f"scrivere una di queste parole: {', '.join(values)}")
        return value

    return parse


def _roles(name: str, value: str) -> tuple[Role, ...]:
    try:
        return tuple(Role(part.strip()) for part in value.split(",") if part.strip())
    except ValueError as error:
        known = ", ".join(role.value for role in Role)
        raise InvalidSetting(name, f"scrivere ruoli tra questi, con le virgole: {known}") from error


def _mailbox(name: str, value: str) -> str:
    if value and not re.fullmatch(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+", value):
        raise InvalidSetting(name, "scrivere un indirizzo di posta, come portale@ente.it")
    return value


def _daemon(name: str, value: str) -> str:
    host, _, port = value.rpartition(":")
    if value and not value.startswith("/") and not (host and port.isascii() and port.isdigit()):
        raise InvalidSetting(
            name, "scrivere «nome:porta», per esempio 127.0.0.1:3310, o il percorso di un socket"
        )
    return value


def _key(name: str, value: str) -> str:
    if value and refused_key(value):
        raise InvalidSetting(
            name, f"serve una chiave casuale di almeno {SECRET_LENGTH} caratteri, non un esempio"
        )
    return value


def refused_key(key: str) -> bool:
    """True for a key that is short, repeats few characters, or comes from an example."""
    lowered = key.lower()
    return (
        len(key) < SECRET_LENGTH
        or len(set(key)) < 10
        or any(word in lowered for word in EXAMPLE_KEYS)
    )


@dataclass(frozen=True)
class Setting:
    """How a field is read: its default as the variable would hold it, its parser, its meaning."""

    default: str
    parse: Callable[[str, str], Any]
    about: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that an installation decides. Build it with ``from_environment``."""

    home: Annotated[Path, Setting("instance", _folder, "Cartella dei dati")]
    host: Annotated[str, Setting("127.0.0.1", _text, "Indirizzo su cui il portale ascolta")]
    port: Annotated[int, Setting("8000", _number(1, 65535), "Porta su cui il portale ascolta")]
    hosts: Annotated[
        tuple[str, ...],
        Setting("localhost,127.0.0.1,[::1]", _names, "Nomi con cui il sito può essere chiamato"),
    ]
    https: Annotated[bool, Setting("no", _yes, "«sì» se il sito è raggiunto con https")]
    proxy_hops: Annotated[
        int,
        Setting("0", _number(0, 5), "Quanti proxy fidati stanno davanti e scrivono X-Forwarded-*"),
    ]
    worker: Annotated[
        bool,
        Setting("sì", _yes, "«no» se l'indice è tenuto da un processo a parte («run.py work»)"),
    ]
    debug: Annotated[bool, Setting("no", _yes, "«sì» per lo sviluppo, solo su questa macchina")]
    secret: Annotated[
        str,
        Setting("", _key, "Chiave segreta; se manca sta nel file «secret» della cartella dei dati"),
    ] = field(repr=False)

    brand: Annotated[str, Setting("Metropoli Strategiche", _text, "Nome del portale")]
    tagline: Annotated[
        str,
        Setting(
            "Documenti, formazione e soluzioni pilota delle 14 città metropolitane",
            _text,
            "Sottotitolo del portale",
        ),
    ]
    tagline_en: Annotated[
        str,
        Setting(
            "Documents, training and pilot solutions of the 14 Italian metropolitan cities",
            _text,
            "Sottotitolo delle pagine in inglese",
        ),
    ]
    publisher: Annotated[
        str, Setting("Redazione di Metropoli Strategiche", _text, "Chi pubblica il portale")
    ]
    ipa_code: Annotated[
        str,
        Setting("", _text, "Codice IPA di chi pubblica, per il catalogo nazionale dei dati"),
    ]
    is_official: Annotated[bool, Setting("no", _yes, "«sì» se è il sito ufficiale di un ente")]
    parent: Annotated[str, Setting("", _text, "Ente di appartenenza, nella fascia in alto")]
    parent_url: Annotated[str, Setting("", _address, "Sito dell'ente di appartenenza")]
    contact_email: Annotated[
        str, Setting("", _text, "Posta elettronica per le persone che leggono")
    ]
    contact_pec: Annotated[str, Setting("", _text, "Posta elettronica certificata")]
    contact_phone: Annotated[str, Setting("", _text, "Telefono")]
    contact_address: Annotated[str, Setting("", _text, "Indirizzo postale")]
    accessibility_statement_url: Annotated[
        str, Setting("", _address, "Dichiarazione di accessibilità pubblicata sul sito di AgID")
    ]
    source_url: Annotated[str, Setting("", _address, "Dove si trova il codice sorgente")]
    texts: Annotated[
        Path | None,
        Setting(
            "",
            _optional_folder,
            "Cartella con i testi legali dell'ente (.md), se diversi dai nostri",
        ),
    ]

    check_links: Annotated[
        bool,
        Setting(
            "no",
            _yes,
            "«sì» per controllare ogni settimana i collegamenti ad altri siti",
        ),
    ]
    two_persons: Annotated[
        bool,
        Setting(
            "sì",
            _yes,
            "«no» se chi chiede la pubblicazione può anche pubblicare (redazioni piccole)",
        ),
    ]

    metrics_token: Annotated[
        str,
        Setting(
            "",
            _token,
            "Parola con cui si leggono le misure a /metriche; vuota: solo da questa macchina",
        ),
    ] = field(repr=False)
    page_size: Annotated[int, Setting("10", _number(1, 50), "Risultati per pagina")]
    search_rate: Annotated[
        int,
        Setting("120", _number(1, 100_000), "Ricerche al minuto permesse a un indirizzo di rete"),
    ]
    upload_quota: Annotated[
        int,
        Setting("2000", _number(1, 1_000_000), "Megabyte che una persona può caricare in 24 ore"),
    ]
    antivirus: Annotated[
        str,
        Setting(
            "",
            _daemon,
            "Antivirus clamd che controlla i file caricati: «nome:porta» o percorso del socket",
        ),
    ]
    ocr: Annotated[
        bool,
        Setting("no", _yes, "«sì» per riconoscere il testo delle pagine scansionate (tesseract)"),
    ]
    ocr_pages: Annotated[
        int,
        Setting("200", _number(1, 3_000), "Pagine di un documento che si riconoscono al massimo"),
    ]
    body_limit: Annotated[
        int, Setting("65536", _number(1024, 10_000_000), "Byte accettati in un modulo")
    ]

    zip_limit: Annotated[
        int, Setting("500", _number(1, 100_000), "Megabyte di file al massimo in un archivio ZIP")
    ]

    second_factor: Annotated[
        tuple[Role, ...],
        Setting("", _roles, "Ruoli a cui il secondo passo è obbligatorio, separati da virgole"),
    ]
    oidc_issuer: Annotated[
        str,
        Setting("", _issuer, "Indirizzo del servizio di accesso dell'ente (OpenID Connect)"),
    ]
    oidc_client_id: Annotated[str, Setting("", _text, "Nome del portale presso quel servizio")]
    oidc_client_secret: Annotated[
        str, Setting("", _verbatim, "Segreto del portale presso quel servizio")
    ] = field(repr=False)
    oidc_label: Annotated[
        str, Setting("Accedi con l'identità dell'ente", _text, "Testo del pulsante di accesso")
    ]
    oidc_acr: Annotated[
        str,
        Setting("", _text, "Livelli di garanzia da chiedere; chi li ha non fa il secondo passo"),
    ]
    smtp_host: Annotated[
        str, Setting("", _text, "Server di posta in uscita; vuoto: il portale non manda posta")
    ]
    smtp_port: Annotated[int, Setting("587", _number(1, 65535), "Porta del server di posta")]
    smtp_security: Annotated[
        str,
        Setting(
            "starttls",
            _one_of("starttls", "tls", "nessuna"),
            "Come si cifra: «starttls» (di solito porta 587), «tls» (465), «nessuna»",
        ),
    ]
    smtp_user: Annotated[str, Setting("", _text, "Utente del server di posta, se lo chiede")]
    smtp_password: Annotated[str, Setting("", _verbatim, "Password di quell'utente")] = field(
        repr=False
    )
    smtp_from: Annotated[str, Setting("", _mailbox, "Indirizzo da cui parte la posta del portale")]

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read every variable. Raises ``InvalidSetting``, also for an unknown ``METROPOLI_*``."""
        given = os.environ if environment is None else environment
        known = declared()
        for name in given:
            if name.startswith(PREFIX) and name not in NOT_OURS and name not in known:
                raise InvalidSetting(name, "impostazione sconosciuta")
        values = {
            field_name(name): how.parse(name, given.get(name, how.default))
            for name, how in known.items()
        }
        settings = cls(**values)
        if settings.debug and settings.host not in LOOPBACK:
            raise InvalidSetting(
                variable("debug"), "vale solo quando il portale ascolta su 127.0.0.1"
            )
        if settings.oidc_issuer and not settings.oidc_client_id:
            raise InvalidSetting(
                variable("oidc_client_id"), "con un servizio di accesso serve il nome del portale"
            )
        if settings.smtp_host and not settings.smtp_from:
            raise InvalidSetting(
                variable("smtp_from"), "con un server di posta serve l'indirizzo di chi scrive"
            )
        return settings


NOT_OURS = ("METROPOLI_TEST_DATA",)  # read by the tests alone
LOCAL_NAMES = ("localhost", "127.0.0.1", "[::1]")
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def variable(name: str) -> str:
    """Name of the environment variable of a field."""
    return PREFIX + name.upper()


def field_name(variable_name: str) -> str:
    return variable_name.removeprefix(PREFIX).lower()


def declared() -> dict[str, Setting]:
    """Every setting by the name of its variable."""
    hints = get_type_hints(Settings, include_extras=True)
    return {variable(name): hint.__metadata__[0] for name, hint in hints.items()}


def secret_key(settings: Settings, path: Path) -> str:
    """The key from the settings, else from ``path``, which is made (mode 600) when missing.

    Raises ``InvalidSetting`` when the file holds a short or example key.
    """
    if settings.secret:
        return settings.secret
    if not path.exists():
        _make_key(path)
    key = path.read_text(encoding="ascii").strip()
    if refused_key(key):
        raise InvalidSetting(variable("secret"), f"il file {path.name} non contiene una chiave")
    return key


def _make_key(path: Path) -> None:
    """Write a new key; it is there whole or not at all, and of several processes one makes it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")  # mode 600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


def public_names(settings: Settings) -> tuple[str, ...]:
    """The names of the site that are not only those of this machine."""
    return tuple(name for name in settings.hosts if name not in LOCAL_NAMES)


def site_address(settings: Settings) -> str:
    """The address that people type, as far as the settings know it; without a final slash."""
    own = public_names(settings)
    if own:
        return f"{'https' if settings.https else 'http'}://{own[0]}"
    return f"http://{settings.host}:{settings.port}"
