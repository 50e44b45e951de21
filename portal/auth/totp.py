"""One-time codes of an app on the phone (TOTP, RFC 6238): six digits, thirty seconds each."""

import time
from hmac import compare_digest

from markupsafe import Markup

SECONDS = 30
DIGITS = 6
DRIFT = 1  # steps that a clock may be early or late


def new_secret() -> str:
    """A key for an app: 160 random bits in base 32."""
    import pyotp  # only where codes are made or read

    return pyotp.random_base32()


def address(secret: str, email: str, issuer: str) -> str:
    """What the app reads from the drawing."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def drawing(address: str) -> Markup:
    """The address as a QR code: an SVG element that fills its container."""
    import segno

    code = segno.make(address, error="m", micro=False)
    # The element is made of our own address alone; it holds no style and no script.
    return Markup(code.svg_inline(omitsize=True, light="#fff", border=3))  # noqa: S704


def step_of(secret: str, code: str, now: float | None = None) -> int | None:
    """The time step whose code this is, if it is one that a clock may show now; else None."""
    import pyotp

    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == DIGITS):
        return None
    current = int(time.time() if now is None else now) // SECONDS
    app = pyotp.TOTP(secret)
    for step in (current, current - DRIFT, current + DRIFT):
        if compare_digest(app.generate_otp(step), digits):
            return step
    return None
