"""Who may open each address: one line for each endpoint, in alphabetical order.

A new page adds its line here, or ``test_routes.py`` fails: the endpoint, then PUBLIC or the
roles that come in. ``VALUES`` gives something to put into the variable parts of addresses.
"""

from corpus.vocabulary import Role

PUBLIC: frozenset[Role] = frozenset()
STAFF = frozenset(Role)
REVIEWERS = frozenset({Role.REVIEWER, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

ROUTES: dict[str, frozenset[Role]] = {
    "api.area": PUBLIC,
    "api.areas": PUBLIC,
    "api.cities": PUBLIC,
    "api.city": PUBLIC,
    "api.filters": PUBLIC,
    "api.openapi_json": PUBLIC,
    "api.openapi_yaml": PUBLIC,
    "api.record": PUBLIC,
    "api.search": PUBLIC,
    "api.status": PUBLIC,
    "areas.index": PUBLIC,
    "areas.page": PUBLIC,
    "cities.index": PUBLIC,
    "cities.page": PUBLIC,
    "contact.page": PUBLIC,
    "documents.file": PUBLIC,
    "documents.file_of_version": PUBLIC,
    "documents.index": PUBLIC,
    "documents.page": PUBLIC,
    "documents.read": PUBLIC,
    "documents.read_version": PUBLIC,
    "documents.version": PUBLIC,
    "events.all_events": PUBLIC,
    "events.index": PUBLIC,
    "events.one_event": PUBLIC,
    "events.page": PUBLIC,
    "exports.citation": PUBLIC,
    "exports.columns": PUBLIC,
    "exports.description": PUBLIC,
    "exports.search_csv": PUBLIC,
    "exports.search_json": PUBLIC,
    "exports.search_references": PUBLIC,
    "exports.typed_links": PUBLIC,
    "home.index": PUBLIC,
    "home.robots": PUBLIC,
    "interfaces.dump_file": PUBLIC,
    "interfaces.dumps": PUBLIC,
    "interfaces.page": PUBLIC,
    "legal.accessibility": PUBLIC,
    "legal.cookies": PUBLIC,
    "legal.credits": PUBLIC,
    "legal.notes": PUBLIC,
    "legal.privacy": PUBLIC,
    "login.change_password": STAFF,
    "login.check": PUBLIC,
    "login.first_access": PUBLIC,
    "login.first_password": PUBLIC,
    "login.profile": STAFF,
    "login.sign_in": PUBLIC,
    "login.sign_out": STAFF,
    "oai.answer": PUBLIC,
    "project.page": PUBLIC,
    "search.results": PUBLIC,
    "solutions.sheet": PUBLIC,
    "solutions.table": PUBLIC,
    "staff_board.index": STAFF,
    "staff_coverage.index": STAFF,
    "staff_search.ask_best_bet_removal": REVIEWERS,
    "staff_search.ask_synonym_removal": REVIEWERS,
    "staff_search.best_bet": REVIEWERS,
    "staff_search.index": REVIEWERS,
    "staff_search.put_best_bet": REVIEWERS,
    "staff_search.put_synonym": REVIEWERS,
    "staff_search.remove_best_bet": REVIEWERS,
    "staff_search.remove_synonym": REVIEWERS,
    "staff_search.synonym": REVIEWERS,
    "static": PUBLIC,
    "suggestions.suggestions": PUBLIC,
    "training.index": PUBLIC,
    "training.page": PUBLIC,
    "usage.month_csv": PUBLIC,
    "usage.page": PUBLIC,
}

# Variable part of an address -> a value that its converter takes; others get "x", numbers 1.
VALUES: dict[str, str | int] = {
    "filename": "css/portal.css",
    "form": "bib",
    "name": "schede.csv",
    "number": 1,
    "public_id": "2222222",
    "slug": "bari",
}
