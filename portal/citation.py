"""How to cite a document, as a line of text."""

from corpus.records import DocumentView
from portal.i18n import gettext as _


def cite(document: DocumentView, address: str) -> str:
    """ "Rossi, M.; Bianchi, A. (2021). Titolo. Editore. https://…"; unknown parts are left out."""
    year = document.year or (document.issued.year if document.issued else None)
    authors = "; ".join(document.authors)
    date = f"({year})" if year else _("(senza data)")
    head = f"{authors} {date}" if authors else ""
    parts = [head, document.title if head else f"{document.title} {date}", document.publisher or ""]
    text = " ".join(f"{part.rstrip('.')}." for part in parts if part)
    return f"{text} {address}"
