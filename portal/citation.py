"""How to cite a record of this site: as a line of text, and as a reference for programs."""

from corpus.records import DocumentView, RecordView
from portal import bibliography
from portal.addresses import canonical_url, file_url, record_url
from portal.bibliography import Reference
from portal.i18n import gettext as _
from portal.services import services


def cite(document: DocumentView, address: str) -> str:
    """ "Rossi, M.; Bianchi, A. (2021). Titolo. Editore. https://…"; unknown parts are left out."""
    year = document.year or (document.issued.year if document.issued else None)
    authors = "; ".join(document.authors)
    date = f"({year})" if year else _("(senza data)")
    head = f"{authors} {date}" if authors else ""
    parts = [head, document.title if head else f"{document.title} {date}", document.publisher or ""]
    text = " ".join(f"{part.rstrip('.')}." for part in parts if part)
    return f"{text} {address}"


def reference_of(record: RecordView) -> Reference:
    """The reference of a record, with its lasting addresses on this site."""
    pdf = file_url(record.public_id) if bibliography.pdf_of(record) else None
    return bibliography.reference(
        record,
        canonical_url(record_url(record)),
        canonical_url(pdf) if pdf else None,
        services().settings.publisher,
    )
