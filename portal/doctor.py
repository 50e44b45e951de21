"""Faults of set-up in plain words: what is wrong, what follows from it, what to do.

Looks and changes nothing: no folder is made, no catalogue migrated, no index rebuilt.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.database import Database
from corpus.errors import MissingFile, SchemaMismatch
from corpus.home import DataHome
from corpus.reader import Reader
from corpus.store import RESERVE, FileStore
from indexer.engine import EngineUnavailable
from indexer.ownership import Owned, ownership
from portal import milestones, ocr
from portal.settings import LOOPBACK, InvalidSetting, Settings, public_names, secret_key

WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)  # this program is younger than that
LITTLE = 1 << 30  # bytes of free space that call for attention
OLD_BACKUP = timedelta(days=7)
DRIFT = timedelta(minutes=5)
_ROOT = Path(__file__).resolve().parent.parent
_PARTS = ("templates/base.html", "portal/static/css/portal.css", "corpus/seed/cities.yaml")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Gravity(StrEnum):
    GOOD = "bene"
    ADVICE = "attenzione"
    FAULT = "guasto"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do where it is not well."""

    gravity: Gravity
    subject: str
    sentence: str


def examine(settings: Settings, now: datetime | None = None) -> Iterator[Finding]:
    """Everything that was looked at, good or not, in the order of starting."""
    now = now or datetime.now(UTC)
    home = DataHome(settings.home)
    yield from _program()
    yield from _clock(now)
    yield from _names(settings)
    yield from _texts(settings)
    yield from _recognition(settings)
    if not home.path.is_dir():
        yield _good("cartella dei dati", f"{home.path} non c'è ancora: la farà il primo avvio")
        yield from _disk(home.path)
        return
    yield from _folder(home)
    yield from _secret(settings, home)
    yield from _disk(home.path)
    yield from _catalogue(settings, home, now)


def _program() -> Iterator[Finding]:
    missing = [name for name in _PARTS if not (_ROOT / name).is_file()]
    if missing:
        yield _fault(
            "programma", f"l'installazione non è intera, manca {missing[0]}: rifalla da capo"
        )


def _clock(now: datetime) -> Iterator[Finding]:
    shown = now.strftime("%d/%m/%Y %H:%M UTC")
    if now < WRITTEN:
        yield _fault(
            "orologio", f"segna {shown}, prima che questo programma fosse scritto: regolalo"
        )
    else:
        yield _good("orologio", f"segna {shown}")
    try:
        ZoneInfo("Europe/Rome")
    except ZoneInfoNotFoundError:
        yield _fault(
            "fusi orari", "mancano i dati dei fusi: installa tzdata (pacchetto di sistema o di pip)"
        )


def _names(settings: Settings) -> Iterator[Finding]:
    subject = "nomi del sito"
    names = public_names(settings)
    wrong = [n for n in settings.hosts if "*" in n or (":" in n and not n.startswith("["))]
    for name in wrong:
        yield _fault(
            subject, f"«{name}» in METROPOLI_HOSTS non vale: scrivi il nome intero, senza porta"
        )
    if not names:
        if settings.host not in LOOPBACK:
            yield _advice(
                subject,
                f"il portale ascolta su {settings.host} ma risponde solo a chi lo chiama localhost:"
                " scrivi il nome del sito in METROPOLI_HOSTS",
            )
        else:
            yield _good(subject, "risponde solo a questa macchina")
        return
    if not wrong:
        yield _good(subject, ", ".join(names))
    if not settings.https:
        yield _advice(
            "https", "il sito ha un nome pubblico: con un certificato davanti, METROPOLI_HTTPS=sì"
        )
    if settings.host in LOOPBACK and not settings.proxy_hops:
        yield _advice(
            "proxy",
            "il portale ascolta solo su questa macchina, quindi davanti c'è un proxy: con"
            " METROPOLI_PROXY_HOPS=1 conta l'indirizzo dei lettori e non il suo",
        )
    if not settings.contact_email:
        yield _advice(
            "contatti", "manca METROPOLI_CONTACT_EMAIL: chi legge e chi raccoglie non ha a chi"
            " scrivere",
        )  # fmt: skip
    if settings.is_official and not settings.ipa_code:
        yield _advice("catalogo dei dati", "manca METROPOLI_IPA_CODE, che dati.gov.it richiede")


def _texts(settings: Settings) -> Iterator[Finding]:
    if settings.texts is not None and not settings.texts.is_dir():
        yield _fault(
            "testi legali", f"METROPOLI_TEXTS indica {settings.texts}, che non è una cartella"
        )


def _recognition(settings: Settings) -> Iterator[Finding]:
    subject = "riconoscimento del testo (OCR)"
    found = ocr.look(settings)
    if found.fault:
        yield _fault(subject, f"METROPOLI_OCR=sì, ma {found.fault}, poi riavvia il portale")
    elif found.program is not None:
        yield _good(subject, f"{found.program} conosce l'italiano")


def _folder(home: DataHome) -> Iterator[Finding]:
    subject = "cartella dei dati"
    well = True
    for path in (home.path, home.files, home.incoming, home.index, home.catalogue):
        if not path.exists():
            continue
        if not os.access(path, os.R_OK | os.W_OK):
            well = False
            yield _fault(
                subject,
                f"{path} non si può scrivere con l'utente {os.geteuid()}: è dell'utente"
                f" {path.stat().st_uid} (chown)",
            )
    if home.path.stat().st_mode & _OTHERS:
        well = False
        yield _advice(
            subject, f"{home.path} è aperta ad altri utenti della macchina: chmod 700 {home.path}"
        )
    if well:
        yield _good(subject, f"{home.path}, scrivibile e solo nostra")


def _secret(settings: Settings, home: DataHome) -> Iterator[Finding]:
    subject = "chiave segreta"
    if settings.secret:
        yield _good(subject, "viene da METROPOLI_SECRET")
        return
    if not home.secret.exists():
        return  # the first start makes it
    if home.secret.stat().st_mode & _OTHERS:
        yield _fault(
            subject, f"{home.secret} si può leggere da altri: chmod 600, poi falla rifare"
            " cancellandola a portale fermo",
        )  # fmt: skip
    try:
        secret_key(settings, home.secret)
    except (InvalidSetting, OSError, UnicodeDecodeError):
        yield _fault(
            subject, f"{home.secret} non contiene una chiave: cancellalo, l'avvio ne fa una nuova"
        )
    else:
        yield _good(subject, f"nel file {home.secret.name}")


def _disk(path: Path) -> Iterator[Finding]:
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    sentence = f"{free >> 20} MB liberi"
    if free < 2 * RESERVE:
        yield _fault("disco", f"{sentence}: nessun caricamento viene accettato, libera spazio")
    elif free < LITTLE:
        yield _advice("disco", f"{sentence}: libera spazio prima che finisca")
    else:
        yield _good("disco", sentence)


def _catalogue(settings: Settings, home: DataHome, now: datetime) -> Iterator[Finding]:
    if not home.catalogue.is_file():
        if any(home.files.glob("??/??/*")):
            yield _fault(
                "catalogo",
                "ci sono file ma manca catalogue.sqlite3: ripristina una copia in una cartella"
                " nuova con «run.py restore»",
            )
        else:
            yield _good("catalogo", "non c'è ancora: lo farà il primo avvio")
        return
    database = Database(home.catalogue)
    try:
        database.check()
    except SchemaMismatch as error:
        yield _schema(error)
        return
    except Exception as error:  # the edge of a diagnosis: whatever it is, it is told
        yield _fault("catalogo", f"non si apre ({error}): «run.py verify» dice di più")
        return
    try:
        yield _good("catalogo", "lo schema è quello di questo programma")
        reader = Reader(database)
        yield from _changes(reader, now)
        yield from _files(reader, home)
        yield from _index(settings, reader, home)
        yield from _backup(home, now)
    finally:
        database.close()


def _schema(error: SchemaMismatch) -> Finding:
    if error.found is None:
        return _fault("catalogo", "catalogue.sqlite3 non è un catalogo di questo programma")
    if error.found < error.expected:
        return _advice(
            "catalogo", f"ha lo schema {error.found}: il prossimo avvio lo porta al"
            f" {error.expected}; prima fa' una copia con «run.py backup»",
        )  # fmt: skip
    return _fault(
        "catalogo", f"ha lo schema {error.found}, questo programma usa il {error.expected}: serve"
        " la versione del programma che lo ha scritto",
    )  # fmt: skip


def _changes(reader: Reader, now: datetime) -> Iterator[Finding]:
    newest = reader.latest_change()
    if newest is not None and newest > now + DRIFT:
        yield _fault(
            "date del catalogo",
            f"l'ultima modifica nel catalogo è del {newest:%d/%m/%Y %H:%M} UTC, nel futuro:"
            " l'orologio è, o era, sbagliato",
        )


def _files(reader: Reader, home: DataHome) -> Iterator[Finding]:
    store = FileStore(home)
    missing = 0
    published = reader.published_files()
    for _public_id, sha256 in published:
        try:
            store.path(sha256)
        except MissingFile:
            missing += 1
    if missing:
        yield _fault(
            "file", f"ne mancano {missing} su {len(published)}: «run.py verify» dice quali,"
            " una copia di sicurezza li rimette",
        )  # fmt: skip
    else:
        yield _good("file", f"i {len(published)} pubblicati ci sono tutti")


def _index(settings: Settings, reader: Reader, home: DataHome) -> Iterator[Finding]:
    from indexer.engines.whoosh_engine import WhooshEngine

    engine = WhooshEngine(home.index)
    try:
        ill = engine.needs_rebuild
    except EngineUnavailable:
        ill = True
    finally:
        engine.close()
    backlog = reader.backlog()
    kept = _is_kept(home)
    if ill:
        remedy = "chi lo tiene aggiornato lo sta per rifare" if kept else "«run.py rebuild»"
        yield _advice("indice", f"manca, è danneggiato o è di un'altra versione: {remedy}")
    elif backlog.records and not kept:
        who = "avvia il portale" if settings.worker else "avvia «run.py work»"
        yield _advice(
            "indice", f"{backlog.records} schede aspettano e nessuno lo tiene aggiornato: {who}"
        )
    else:
        yield _good("indice", f"sano, {backlog.records} schede in attesa")


def _is_kept(home: DataHome) -> bool:
    """Whether a process owns the index now."""
    lock = home.path / "index.lock"
    if not lock.exists():
        return False
    try:
        with ownership(lock):
            return False
    except Owned:
        return True


def _backup(home: DataHome, now: datetime) -> Iterator[Finding]:
    noted = milestones.noted(home.path, milestones.BACKUP)
    at = milestones.time_of(noted)
    if at is None:
        yield _advice(
            "copia di sicurezza", "non ne è mai stata fatta una: «run.py backup CARTELLA»"
        )
    elif noted.get("lost"):
        yield _fault("copia di sicurezza", f"all'ultima mancavano {noted['lost']} file")
    elif now - at > OLD_BACKUP:
        yield _advice(
            "copia di sicurezza", f"l'ultima è del {at:%d/%m/%Y}: «run.py backup CARTELLA»"
        )
    else:
        yield _good("copia di sicurezza", f"del {at:%d/%m/%Y}")


def _good(subject: str, sentence: str) -> Finding:
    return Finding(Gravity.GOOD, subject, sentence)


def _advice(subject: str, sentence: str) -> Finding:
    return Finding(Gravity.ADVICE, subject, sentence)


def _fault(subject: str, sentence: str) -> Finding:
    return Finding(Gravity.FAULT, subject, sentence)
