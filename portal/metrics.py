"""What monitors measure: answers by class, the index, the last backup, how well the search answers.

Counting an answer is adding to a number; everything else is looked up when somebody measures, and
prometheus-client, which writes it down, is imported then.
"""

import hmac
import shutil
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, cast

from flask import Flask, Response, current_app, g, request

from indexer.engine import EngineUnavailable
from portal import milestones
from portal.security import host_name
from portal.services import Services
from portal.settings import LOCAL_NAMES

EXTENSION = "metropoli-metrics"
CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds of an answer
_HERE = ("127.0.0.1", "::1")
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


@dataclass
class Tally:
    """Answers of this process since it started. Safe to use from several threads."""

    classes: Counter[str] = field(default_factory=Counter)
    durations: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answered(self, status: int, seconds: float) -> None:
        with self._lock:
            self.classes[f"{status // 100}xx"] += 1
            self.durations[bisect_left(BOUNDS, seconds)] += 1
            self.seconds += seconds

    def read(self) -> tuple[dict[str, int], list[int], float]:
        """Answers by class, by duration, and the seconds of all, as of one moment."""
        with self._lock:
            return dict(self.classes), list(self.durations), self.seconds


def count(app: Flask) -> None:
    """Count every answer; registered before all else, so that it sees what is really sent."""
    tally = app.extensions[EXTENSION] = Tally()

    def begin() -> None:
        g.asked_at = perf_counter()

    def end(response: Response) -> Response:
        tally.answered(response.status_code, perf_counter() - g.get("asked_at", perf_counter()))
        return response

    app.before_request(begin)
    app.after_request(end)


def may_measure(token: str) -> bool:
    """True for who shows the token, or, where none is set, asks from this very machine.

    Behind a proxy of this machine everybody seems to: a forwarded request, or one by the public
    name of the site, therefore does not count as from here.
    """
    if token:
        shown = request.headers.get("Authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    return (
        request.remote_addr in _HERE
        and host_name(request.host) in LOCAL_NAMES
        and not any(name in request.headers for name in _FORWARDED)
    )


def measured(services: Services) -> str:
    """All measures in the OpenMetrics form."""
    from prometheus_client import CollectorRegistry, ProcessCollector
    from prometheus_client.openmetrics.exposition import generate_latest

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Collector(services, cast(Tally, current_app.extensions[EXTENSION])))
    written: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return written.decode()


class _Collector:
    """Looks everything up when it is asked."""

    def __init__(self, services: Services, tally: Tally) -> None:
        self._services = services
        self._tally = tally

    def collect(self) -> Iterator[Any]:
        yield from self._answers()
        yield from self._index()
        yield from self._house()

    def _answers(self) -> Iterator[Any]:
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        classes, durations, seconds = self._tally.read()
        answers = CounterMetricFamily(
            "metropoli_answers", "Answers of this process by class of status.", labels=["class"]
        )
        for name in ("1xx", "2xx", "3xx", "4xx", "5xx"):
            answers.add_metric([name], classes.get(name, 0))
        yield answers
        total, buckets = 0, []
        for bound, number in zip((*map(str, BOUNDS), "+Inf"), durations, strict=True):
            total += number
            buckets.append((bound, total))
        yield HistogramMetricFamily(
            "metropoli_answer_seconds",
            "Time to an answer of this process.",
            buckets=buckets,
            sum_value=seconds,
        )

    def _index(self) -> Iterator[Any]:
        backlog = self._services.reader.backlog()
        waited = (datetime.now(UTC) - backlog.since).total_seconds() if backlog.since else 0.0
        yield _gauge("metropoli_index_queue", "Records that wait to be indexed.", backlog.records)
        yield _gauge(
            "metropoli_index_age_seconds", "How long the oldest of them has waited.", max(0, waited)
        )
        try:
            reduced, answers = self._services.engine.needs_rebuild, 1
        except EngineUnavailable:
            reduced, answers = True, 0
        yield _gauge("metropoli_index_answers", "1 if the search answers.", answers)
        yield _gauge(
            "metropoli_index_reduced", "1 if the index must be rebuilt.", 1 if reduced else 0
        )
        relevance = milestones.noted(self._services.settings.home, milestones.RELEVANCE)
        if relevance:
            yield _gauge(
                "metropoli_relevance_ndcg", "nDCG@10 of the last «run.py relevance».",
                relevance.get("ndcg", 0.0),
            )  # fmt: skip
            yield _gauge(
                "metropoli_relevance_floor", "The least nDCG@10 that is accepted.",
                relevance.get("floor", 0.0),
            )  # fmt: skip

    def _house(self) -> Iterator[Any]:
        services = self._services
        backup = milestones.time_of(milestones.noted(services.settings.home, milestones.BACKUP))
        dump = services.dumps.current()
        yield _gauge(
            "metropoli_last_backup_timestamp_seconds", "Time of the last backup, 0 if never.",
            backup.timestamp() if backup else 0,
        )  # fmt: skip
        yield _gauge(
            "metropoli_last_dump_timestamp_seconds", "Time of the nightly files, 0 if never.",
            dump.made_at.timestamp() if dump else 0,
        )  # fmt: skip
        yield _gauge("metropoli_records_public", "Published records.", services.reader.count())
        disk = shutil.disk_usage(services.settings.home)
        yield _gauge("metropoli_disk_free_bytes", "Free space of the data folder.", disk.free)


def _gauge(name: str, about: str, value: float) -> Any:
    from prometheus_client.core import GaugeMetricFamily

    return GaugeMetricFamily(name, about, value=value)
