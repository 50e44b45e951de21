"""A search in words: for its page, for its title, for whoever follows it."""

from indexer.engine import Page, Query
from portal import facets, labels
from portal.filters import number
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.services import Services


def summary(page: Page, query: Query, names: facets.Labels) -> str:
    """ "12 risultati per SUAP · Città: Bari o Napoli · Anno: 2023", of the question answered."""
    total = page.total
    count = ngettext("%(total)s risultato", "%(total)s risultati", total, total=number(total))
    better = page.notices.did_you_mean if page.notices.corrected_from else None
    text = better.text if better else query.text
    if text:
        count = _("%(count)s per %(text)s", count=count, text=text)
    words = facets.in_words(query, names, labels.FACETS, _("o"))
    return " · ".join((count, *words))


def words_of(query: Query, names: facets.Labels) -> str:
    """ "SUAP · Città: Bari o Napoli"; what everything is called when nothing was asked."""
    words = facets.in_words(query, names, labels.FACETS, _("o"))
    return " · ".join(([query.text] if query.text else []) + list(words)) or _("tutta la raccolta")


def in_words(services: Services, query: Query) -> str:
    """As ``words_of``, with the names of the cities and areas that there are now."""
    reader = services.reader
    return words_of(query, labels.facet_labels(reader.cities(), reader.areas()))
