"""The log of what was done, by whom: filtered, exported, its chain verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for

from corpus.desk_reader import LogFilter
from corpus.ids import is_public_id
from corpus.records import AuditView
from portal import labels
from portal.auth.access import Permission, requires
from portal.clock import ROME
from portal.desk import staff
from portal.desk.account_letters import FIRST_ACCESS, NEW_PASSWORD
from portal.desk.record_forms import day, reference
from portal.filters import instant
from portal.i18n import gettext as _
from portal.paging import last_page, paging
from portal.search_url import printable, strict_number
from portal.services import services
from portal.takeaway import tabular

blueprint = Blueprint("staff_audit", __name__, url_prefix="/redazione/registro")

PAGE = 50
MOST = 100_000  # lines of one file
LONGEST_DETAIL = 120  # letters
MOMENTS = ("expires_at", "publish_at")


@dataclass(frozen=True)
class Asked:
    """The filters as they stand in the address."""

    actor: str
    action: str
    record: str
    since: str
    until: str

    @property
    def filter(self) -> LogFilter:
        record = reference(self.record) if self.record else ""
        return LogFilter(
            actor=self.actor,
            action=self.action,
            public_id=record if is_public_id(record) else ("-" if record else ""),
            since=_midnight(self.since),
            until=_midnight(self.until, 1),
        )

    def address(self, endpoint: str = "staff_audit.index", **more: str) -> str:
        values = {
            "chi": self.actor,
            "azione": self.action,
            "scheda": self.record,
            "dal": self.since,
            "al": self.until,
        } | more
        query = urlencode({name: value for name, value in values.items() if value})
        return url_for(endpoint) + (f"?{query}" if query else "")

    @property
    def mistakes(self) -> tuple[str, ...]:
        """Fields that could not be read and therefore do not filter."""
        return tuple(
            name
            for name, text in (("dal", self.since), ("al", self.until))
            if text and _day(text) is None
        )


def asked() -> Asked:
    actor, action, record, since, until = (
        printable(request.args.get(name, ""))[:200]
        for name in ("chi", "azione", "scheda", "dal", "al")
    )
    return Asked(actor, action, record, since, until)


def _day(text: str) -> date | None:
    try:
        return day(text)
    except ValueError:
        return None


def _midnight(text: str, later: int = 0) -> datetime | None:
    found = _day(text) if text else None
    if found is None:
        return None
    return datetime.combine(found + timedelta(days=later), time(), tzinfo=ROME)


@blueprint.get("")
@requires(Permission.AUDIT)
def index() -> str:
    wanted = asked()
    page = strict_number(request.args.get("pagina", "1"), 1, staff.MOST)
    if page is None:
        abort(404)
    reader = services().reader
    lines, total = reader.log_page(wanted.filter, PAGE, PAGE * (page - 1))
    last = last_page(total, PAGE)
    if page > last:
        abort(404)
    checked = request.args.get("verifica") == "sì"
    return render_template(
        "staff/audit.html",
        asked=wanted,
        lines=lines,
        total=total,
        page=page,
        paging=paging(page, last, lambda number: wanted.address(pagina=str(number))),
        actions=[(each, labels.ACTIONS.get(each, each)) for each in reader.log_actions()],
        labels=labels.ACTIONS,
        said=partial(_said, names=_names()),
        checked=checked,
        broken=reader.first_broken_log_entry() if checked else None,
    )


@blueprint.get("/registro.csv")
@requires(Permission.AUDIT)
def export() -> Response:
    """The lines of these filters, newest first, with the digests of the chain."""
    lines, _all = services().reader.log_page(asked().filter, MOST)
    names = ("numero", "quando", "chi", "azione", "scheda", "dettagli", "impronta")
    content = "\ufeff" + tabular.csv_rows(names, (_row(line) for line in lines))
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="registro.csv"'
    return response


def _names() -> Mapping[tuple[str, str], str]:
    """What the log calls by number or by a word of programs -> how people call it."""
    people = {str(account.id): account.name for account in services().reader.accounts()}
    places = staff.place_names()
    links = {FIRST_ACCESS: _("il primo accesso"), NEW_PASSWORD: _("una nuova password")}
    known = {"account": people, "owner": people, "purpose": links}
    known |= dict.fromkeys(("city", "cities", "area"), places)
    return {(name, value): said for name, all_ in known.items() for value, said in all_.items()}


def _said(details: Mapping[str, Any], names: Mapping[tuple[str, str], str]) -> str:
    """The details of a line on one line; digests and revisions are for the file."""
    parts = []
    for name, value in details.items():
        if value in (None, [], False, "") or name in ("sha256", "revision"):
            continue
        if name == "changes":
            fields = {str(labels.FIELDS.get(each.partition("_")[0], each)) for each in value}
            parts.append(_("campi: %(fields)s", fields=", ".join(sorted(fields))))
        elif value is True:
            parts.append(str(labels.DETAILS.get(name, name)))
        else:
            values = [str(each) for each in (value if isinstance(value, list) else [value])]
            if name in MOMENTS:
                values = [instant(datetime.fromisoformat(each)) for each in values]
            shown = ", ".join(names.get((name, each), each) for each in values)
            cut = shown if len(shown) <= LONGEST_DETAIL else shown[:LONGEST_DETAIL] + "…"
            parts.append(f"{labels.DETAILS.get(name, name)}: {cut}")
    return "; ".join(parts)


def _row(line: AuditView) -> tuple[object, ...]:
    return (
        line.number,
        line.at.isoformat(timespec="seconds"),
        line.actor,
        line.action,
        line.public_id or "",
        tabular.json_cell(line.details),
        line.digest,
    )
