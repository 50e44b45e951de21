"""How much the collection is used: months, most downloaded records, and the rows as CSV."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, Response, abort, render_template

from corpus.records import RecordView, UsageView
from portal import clock
from portal.auth.access import public
from portal.services import services
from portal.takeaway import tabular

blueprint = Blueprint("usage", __name__)

MONTHS = 12
MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
SHOWN = 10
COLUMNS = ("mese", "id", "titolo", "tipo", "consultazioni", "scaricamenti")


@dataclass(frozen=True)
class Month:
    """All uses of a month, "2026-11"."""

    name: str
    views: int
    downloads: int


@dataclass(frozen=True)
class Used:
    """A record and its uses in the months that the page shows."""

    record: RecordView
    views: int
    downloads: int


def last_months() -> tuple[UsageView, ...]:
    """Uses of this month and the eleven before it."""
    today = clock.today()
    first = (today.replace(day=1) - timedelta(days=31 * (MONTHS - 1))).replace(day=1)
    return services().reader.usage(first, today)


@blueprint.get("/uso")
@public
def page() -> str:
    rows = last_months()
    return render_template(
        "usage/page.html", months=by_month(rows), used=most_used(rows), canonical="/uso"
    )


@blueprint.get("/uso/<month>.csv")
@public
def month_csv(month: str) -> Response:
    """The rows of one month; only records that are public today have one."""
    if not MONTH.fullmatch(month):
        abort(404)
    first = date.fromisoformat(f"{month}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    rows = services().reader.usage(first, last)
    records = {r.public_id: r for r in services().reader.public_records(x.public_id for x in rows)}
    content = tabular.csv_rows(
        COLUMNS,
        (
            (row.month, row.public_id, record.title, record.kind.value, row.views, row.downloads)
            for row in rows
            if (record := records.get(row.public_id)) is not None
        ),
    )
    response = Response("\ufeff" + content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="uso-{first:%Y-%m}.csv"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def by_month(rows: Iterable[UsageView]) -> list[Month]:
    """The sums of each month, the newest first."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        views, downloads = sums.get(row.month, (0, 0))
        sums[row.month] = views + row.views, downloads + row.downloads
    return [Month(name, *sums[name]) for name in sorted(sums, reverse=True)]


def most_used(rows: Iterable[UsageView]) -> list[Used]:
    """The records that were downloaded, then opened, most often over all months."""
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        downloads, views = sums.get(row.public_id, (0, 0))
        sums[row.public_id] = downloads + row.downloads, views + row.views
    best = sorted(sums, key=lambda public_id: sums[public_id], reverse=True)[:SHOWN]
    records = services().reader.public_records(best)
    return [Used(record, *reversed(sums[record.public_id])) for record in records]
