"""It is the day that it is in Italy, also where the machine counts another one."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import pytest

from corpus.records import EventDraft
from corpus.vocabulary import Kind, State
from portal import clock
from portal.app import create_app
from tests.portal.house import ACTOR, House


class LateEvening(datetime):
    """Half past ten of the last evening of June in London, half past midnight in Rome."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2026, 6, 30, 22, 30, tzinfo=UTC).astimezone(tz)


@pytest.fixture
def night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "datetime", LateEvening)


def test_today_is_that_of_rome(night: None) -> None:
    assert clock.today() == date(2026, 7, 1)


def test_a_moment_is_written_in_universal_time() -> None:
    moment = datetime(2026, 3, 1, 1, 2, 3, 400_000, tzinfo=timezone(timedelta(hours=2)))
    assert clock.instant(moment) == "2026-02-28T23:02:03Z"


def test_an_event_of_yesterday_is_past_soon_after_midnight(night: None, other_house: House) -> None:
    event = EventDraft(kind=Kind.EVENT, title="Convegno", start=date(2026, 6, 30), place="Bari")
    public_id = other_house.services.catalogue.add(event, actor=ACTOR, state=State.PUBLISHED)
    client = create_app(services=other_house.services).test_client()
    page = client.get(f"/eventi/{public_id}", follow_redirects=True)
    assert "Evento passato" in page.text
