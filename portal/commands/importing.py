"""``import``: a folder of documents into the collection."""

import argparse
import csv
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpus.texts import clean_line
from corpus.vocabulary import Kind, Scope, State
from indexer.importer import Choices, Importer, Result, files_in
from indexer.manifest import Manifest, UnusableManifest, read_manifest
from indexer.outcomes import Outcome
from indexer.proposals.rows import Defaults
from portal.commands.exits import OK, SOME_REFUSED, USAGE, Stop
from portal.commands.house import House, opened
from portal.commands.preparing import bring_index_up_to_date, load_founding_collection
from portal.commands.progress import bar, say
from portal.settings import Settings
from portal.takeaway.tabular import harmless

_COLUMNS = ("file", "esito", "documento", "motivo", "avvisi")


def add_import(commands: Any) -> None:
    parser = commands.add_parser(
        "import",
        help="aggiunge alla raccolta i documenti di una cartella",
        description="Legge ogni file in un processo protetto, lo aggiunge e lo indicizza. Si può"
        " interrompere e ripetere: riprende da dove era. Le colonne dell'elenco CSV sono spiegate"
        " in docs/importare.md; senza elenco, titolo, autori, data e lingua sono quelli del file.",
    )
    parser.add_argument("folder", metavar="CARTELLA", type=Path, help="dove sono i documenti")
    parser.add_argument(
        "--manifest", metavar="FILE.csv", type=Path, help="elenco con i metadati, un file per riga"
    )
    parser.add_argument(
        "--kind",
        choices=[kind.value for kind in Kind],
        default=Kind.OTHER.value,
        help="tipo dei documenti per cui l'elenco non lo dice (altro)",
    )
    parser.add_argument(
        "--scope",
        choices=[scope.value for scope in Scope],
        default=Scope.PROGRAMME.value,
        help="«programma» se li ha prodotti il programma, «contesto» se aiutano a capirlo"
        " (programma)",
    )
    parser.add_argument(
        "--state",
        choices=[State.DRAFT.value, State.PUBLISHED.value],
        default=State.PUBLISHED.value,
        help="«pubblicato»: chiunque li vede appena aggiunti; «bozza»: li vede solo la redazione"
        " (pubblicato)",
    )
    parser.add_argument(
        "--retry", action="store_true", help="rilegge i file la cui lettura era già fallita"
    )
    parser.add_argument(
        "--report", metavar="FILE.csv", type=Path, help="scrive qui l'esito di ogni file"
    )
    parser.set_defaults(run=import_folder)


def import_folder(arguments: argparse.Namespace, settings: Settings) -> int:
    manifest = _manifest(arguments)
    with opened(settings) as house:
        if not house.services.reader.cities():  # names of places are resolved against them
            load_founding_collection(house)
        counts = _import(house, arguments, manifest)
        if not bring_index_up_to_date(house):
            say("L'indice lo sta aggiornando il portale in funzione.")
    say(_summary(counts))
    return SOME_REFUSED if counts[Outcome.REFUSED] else OK


def _manifest(arguments: argparse.Namespace) -> Manifest:
    if not arguments.folder.is_dir():
        raise Stop(USAGE, f"{arguments.folder} non è una cartella.")
    if arguments.manifest is None:
        return Manifest(files_in(arguments.folder))
    try:
        manifest = read_manifest(arguments.manifest)
    except UnusableManifest as error:
        raise Stop(USAGE, str(error)) from error
    except OSError as error:
        raise Stop(USAGE, f"L'elenco {arguments.manifest} non si può leggere.") from error
    if manifest.unknown_columns:
        say(f"Colonne dell'elenco non usate: {', '.join(manifest.unknown_columns)}.")
    if manifest.lines_without_file:
        lines = ", ".join(map(str, manifest.lines_without_file[:20]))
        say(f"Righe dell'elenco senza il nome di un file: {lines}.")
    return manifest


def _import(house: House, arguments: argparse.Namespace, manifest: Manifest) -> Counter[Outcome]:
    services = house.services
    importer = Importer(
        services.reader,
        services.catalogue,
        services.store,
        services.derived,
        house.sandbox,
        Choices(
            actor="importazione",
            state=State(arguments.state),
            defaults=Defaults(Kind(arguments.kind), Scope(arguments.scope)),
            retry=arguments.retry,
        ),
    )
    counts: Counter[Outcome] = Counter()
    with _report(arguments.report) as note, bar("Importazione", "file") as progress:
        for result in importer.run(arguments.folder, manifest.rows):
            counts[result.outcome] += 1
            note(result)
            say(_line(result))
            progress(counts.total(), len(manifest.rows))
    return counts


class _Report:
    """The outcome of every file as CSV, on disk line by line."""

    def __init__(self, path: Path) -> None:
        try:
            # With the mark by which spreadsheets know UTF-8.
            self._file = path.open("w", encoding="utf-8-sig", newline="")
        except OSError as error:
            raise Stop(USAGE, f"Il rapporto {path} non si può scrivere.") from error
        self._writer = csv.writer(self._file)
        self._writer.writerow(_COLUMNS)

    def note(self, result: Result) -> None:
        cells = (
            result.file,
            result.outcome.value,
            result.public_id or "",
            result.reason,
            " ".join(result.warnings),
        )
        self._writer.writerow([harmless(cell) for cell in cells])
        self._file.flush()

    def close(self) -> None:
        os.fsync(self._file.fileno())
        self._file.close()


@contextmanager
def _report(path: Path | None) -> Iterator[Any]:
    if path is None:
        yield lambda result: None
        return
    report = _Report(path)
    try:
        yield report.note
    finally:
        report.close()


def _line(result: Result) -> str:
    """One line for a terminal, where a control character of a file could give commands."""
    parts = [result.outcome.value, result.public_id or "-", result.file]
    if result.reason:
        parts.append(result.reason)
    parts.extend(f"Avviso: {warning}" for warning in result.warnings)
    return "  ".join(map(clean_line, parts))


def _summary(counts: Counter[Outcome]) -> str:
    return (
        f"Aggiunti {counts[Outcome.ADDED]}, già presenti {counts[Outcome.PRESENT]},"
        f" doppioni {counts[Outcome.DUPLICATE]}, rifiutati {counts[Outcome.REFUSED]}."
    )
