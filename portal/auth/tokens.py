"""Signed values that travel through the browser and come back: no cookie, no row until used."""

from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.services import services


def sign(purpose: str, **values: Any) -> str:
    """A token that ``read`` understands for the same purpose alone."""
    return _serializer(purpose).dumps(values)


def read(purpose: str, token: str | None, seconds: int) -> dict[str, Any] | None:
    """The values of a token of ours made less than ``seconds`` ago, else None."""
    try:
        values = _serializer(purpose).loads(token or "", max_age=seconds)
    except BadData:
        return None
    return values if isinstance(values, dict) else None


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(services().key, salt=f"metropoli:{purpose}")
