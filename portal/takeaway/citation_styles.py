"""A reference as a line that a person copies into a text: the Italian form, and APA (7th ed.)."""

from dataclasses import dataclass

from portal.filters import day
from portal.i18n import gettext as _
from portal.takeaway.bibliography import Form, Name, Reference

APA_LISTED = 20  # authors that APA prints; of more, the first nineteen and the last
DATED_BY_DAY = {Form.ARTICLE, Form.EVENT, Form.WEB_PAGE}


@dataclass(frozen=True)
class Citation:
    """One line; the title stands apart because it is set in italics."""

    before: str
    title: str
    after: str

    def __str__(self) -> str:
        return self.before + self.title + self.after


def initials(given: str) -> str:
    """ "Francesco Domenico" → "F. D.", "Jean-Pierre" → "J.-P."."""
    return " ".join(
        "-".join(f"{part[0]}." for part in word.split("-") if part) for word in given.split()
    )


def italian(reference: Reference) -> Citation:
    """ "M. Rossi e ISTAT, Titolo, versione 2, Editore, 2021, https://… (consultato il …)"."""
    names = [_italian_name(name) for name in reference.authors]
    if len(names) > 1:
        names[-2:] = [_("%(one)s e %(other)s", one=names[-2], other=names[-1])]
    authors = ", ".join(names)
    parts = [
        _("versione %(number)s", number=reference.version) if reference.version else "",
        "" if authors == reference.publisher else reference.publisher,
        str(reference.year or _("s.d.")),
        reference.address + _accessed(reference),
    ]
    return Citation(
        before=f"{authors}, " if authors else "",
        title=reference.title,
        after=", " + ", ".join(part for part in parts if part),
    )


def _italian_name(name: Name) -> str:
    return f"{initials(name.given)} {name.family}" if name.given else name.family


def _accessed(reference: Reference) -> str:
    if reference.accessed is None:
        return ""
    return " " + _("(consultato il %(day)s)", day=day(reference.accessed))


def apa(reference: Reference) -> Citation:
    """ "Rossi, M., & Bianchi, A. (2021). Titolo (Versione 2). Editore. https://…".

    A publisher who is the author is not named twice; without authors the title comes first.
    """
    authors = _apa_authors([_apa_name(name) for name in reference.authors])
    date = f"({_apa_date(reference)})."
    version = " " + _("(Versione %(number)s)", number=reference.version)
    mark = "" if reference.title.endswith(("?", "!", ".")) and not reference.version else "."
    title_end = (version if reference.version else "") + mark
    same = [reference.publisher] == [name.family for name in reference.authors]
    publisher = f"{reference.publisher.rstrip('.')}." if reference.publisher and not same else ""
    rest = [part for part in (publisher, reference.address) if part]
    if not authors:
        return Citation("", reference.title, " ".join([title_end, date, *rest]))
    return Citation(
        f"{authors.rstrip('.')}. {date} ", reference.title, " ".join([title_end, *rest])
    )


def _apa_name(name: Name) -> str:
    return f"{name.family}, {initials(name.given)}" if name.given else name.family


def _apa_authors(names: list[str]) -> str:
    if len(names) > APA_LISTED:
        return ", ".join(names[: APA_LISTED - 1]) + f", … {names[-1]}"
    if len(names) > 1:
        return ", ".join(names[:-1]) + f", & {names[-1]}"
    return "".join(names)


def _apa_date(reference: Reference) -> str:
    if not reference.year:
        return _("s.d.")
    dated = reference.day
    if dated is None or reference.form not in DATED_BY_DAY:
        return str(reference.year)
    return f"{dated.year}, {day(dated).removesuffix(str(dated.year)).strip(' ,')}"
