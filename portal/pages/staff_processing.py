"""The list of what staff sent: waiting, being read, read, failed, with another try."""

import re

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from corpus.errors import UploadNotFound
from corpus.records import UploadView
from portal import labels
from portal.auth import rights
from portal.auth.access import Permission, requires
from portal.desk import processing, staff
from portal.forms import Confirm
from portal.paging import last_page, paging
from portal.search_url import strict_number
from portal.services import services

blueprint = Blueprint("staff_processing", __name__, url_prefix="/redazione/elaborazione")

PAGE = 50
_BATCH = re.compile(r"[0-9a-f]{16}")
EVERYBODY = "tutti"


@blueprint.get("")
@requires(Permission.EDIT)
def index() -> str:
    """One's own files, or everybody's for who reviews; ``lotto`` narrows to one sending."""
    person = staff.person()
    batch = request.args.get("lotto", "")
    batch = batch if _BATCH.fullmatch(batch) else ""
    may_see_all = rights.may(person, Permission.REVIEW) and not person.cities
    everybody = may_see_all and request.args.get("di") == EVERYBODY
    number = strict_number(request.args.get("pagina", ""), 1, 100_000) or 1
    uploads, total = services().reader.uploads(
        None if everybody else person.account,
        batch or None,
        limit=PAGE,
        offset=(number - 1) * PAGE,
    )
    under_way = frozenset(services().derived.under_way())
    rows = tuple(processing.row(upload, under_way) for upload in uploads)
    last = last_page(total, PAGE)
    accounts = {account.id: account.name for account in services().reader.accounts()}
    return render_template(
        "staff/processing.html",
        rows=rows,
        total=total,
        batch=batch,
        everybody=everybody,
        may_see_all=may_see_all,
        names=accounts,
        form=Confirm(),
        unfinished=any(row.unfinished for row in rows),
        levels=labels.LEVELS,
        here=_address(number, batch, everybody),
        paging=paging(number, last, lambda page: _address(page, batch, everybody)),
    )


def _address(number: int, batch: str, everybody: bool) -> str:
    return url_for(
        "staff_processing.index",
        lotto=batch or None,
        di=EVERYBODY if everybody else None,
        pagina=number if number > 1 else None,
    )


@blueprint.post("/<int:upload>/riprova")
@requires(Permission.EDIT)
def retry(upload: int) -> Response:
    """Read a file, or recognise its pages, again where that failed; what went well stays."""
    found, derived = _own(upload), services().derived
    if found.sha256 is not None:
        if derived.failure(found.sha256) is not None:
            derived.forget(found.sha256)
            files = services().reader.published_files()
            services().catalogue.put_behind(id for id, sha256 in files if sha256 == found.sha256)
        else:
            derived.recognise_again(found.sha256)
    return staff.done("riprova", "staff_processing.index", lotto=found.batch)


def _own(number: int) -> UploadView:
    """An upload that the person of this request may act on; ``UploadNotFound`` for others."""
    person = staff.person()
    found = services().reader.upload(number)
    all_of_them = rights.may(person, Permission.REVIEW) and not person.cities
    if found.account != person.account and not all_of_them:
        raise UploadNotFound(number)
    return found
