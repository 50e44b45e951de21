"""Passkeys (WebAuthn): questions for the browser, and the proof of its answers.

A question travels as a signed token and works once: nothing is kept before the answer. The
library is loaded where a passkey is used, never when the portal starts.
"""

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from corpus.catalogue import NewPasskey
from corpus.records import AccountView, PasskeyView
from corpus.sessions import SignedIn
from portal.auth import tokens
from portal.security import host_name
from portal.services import services

PURPOSE = "passkey"
LIFE = 5 * 60  # seconds for the person to answer
# What reading a text raises that no browser wrote.
_NO_ANSWER = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
_NOBODY = 0  # a question for whoever has a passkey of this site


def creation(person: SignedIn) -> dict[str, Any]:
    """What the browser needs to make a passkey for ``person``, and the token of the question."""
    from webauthn import generate_registration_options
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    challenge, token = _question(person.account)
    known = services().reader.second_factors(person.account).passkeys
    options = generate_registration_options(
        rp_id=host_name(request.host),
        rp_name=services().settings.brand,
        user_id=str(person.account).encode(),
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        exclude_credentials=_named(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _answer(options, token)


def asking(account: AccountView | None) -> dict[str, Any]:
    """What the browser needs to use a passkey: of ``account``, or of whoever is there."""
    from webauthn import generate_authentication_options
    from webauthn.helpers.structs import UserVerificationRequirement

    challenge, token = _question(account.id if account else _NOBODY)
    known = services().reader.second_factors(account.id).passkeys if account else ()
    options = generate_authentication_options(
        rp_id=host_name(request.host),
        challenge=challenge,
        allow_credentials=_named(known),
        user_verification=(
            UserVerificationRequirement.PREFERRED
            if account
            else UserVerificationRequirement.REQUIRED
        ),
    )
    return _answer(options, token)


def made(
    person: SignedIn, token: str | None, credential: str | None, name: str
) -> NewPasskey | None:
    """The new passkey of a good answer to ``creation``, else None."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _spent(token, person.account)
    if challenge is None:
        return None
    try:
        proof = verify_registration_response(
            credential=credential or "",
            expected_challenge=challenge,
            expected_rp_id=host_name(request.host),
            expected_origin=_origin(),
        )
        transports = json.loads(credential or "")["response"].get("transports", [])
    except (WebAuthnException, *_NO_ANSWER):
        return None
    return NewPasskey(
        credential=_text(proof.credential_id),
        public_key=_text(proof.credential_public_key),
        sign_count=proof.sign_count,
        transports=tuple(each for each in transports if isinstance(each, str))[:8],
        name=name,
    )


def holder(
    token: str | None, credential: str | None, account: AccountView | None
) -> AccountView | None:
    """Whose passkey has answered, else None.

    With ``account`` it must be one of theirs, after the password. Without, the device must have
    checked who holds it too (a finger, a face, a number): it then stands for both steps.
    """
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    challenge = _spent(token, account.id if account else _NOBODY)
    if challenge is None:
        return None
    try:
        answered = json.loads(credential or "")
        known = services().reader.passkey(str(answered["id"]))
        if known is None or (account is not None and known.account != account.id):
            return None
        proof = verify_authentication_response(
            credential=answered,
            expected_challenge=challenge,
            expected_rp_id=host_name(request.host),
            expected_origin=_origin(),
            credential_public_key=_bytes(known.public_key),
            credential_current_sign_count=known.sign_count,
            require_user_verification=account is None,
        )
    except (WebAuthnException, *_NO_ANSWER):
        return None
    found = services().reader.account_by_id(known.account)
    if found is None or not found.active:
        return None
    return (
        found if services().catalogue.use_passkey(known.credential, proof.new_sign_count) else None
    )


def _question(account: int) -> tuple[bytes, str]:
    challenge = secrets.token_bytes(32)
    return challenge, tokens.sign(PURPOSE, challenge=_text(challenge), account=account)


def _spent(token: str | None, account: int) -> bytes | None:
    """The challenge of a question put to ``account``, which is used up now."""
    values = tokens.read(PURPOSE, token, LIFE)
    if token is None or values is None or values["account"] != account:
        return None
    until = datetime.now(UTC) + timedelta(seconds=LIFE)
    return _bytes(values["challenge"]) if services().catalogue.spend(token, until) else None


def _answer(options: Any, token: str) -> dict[str, Any]:
    from webauthn import options_to_json

    return {"options": json.loads(options_to_json(options)), "token": token}


def _named(passkeys: tuple[PasskeyView, ...]) -> list[Any]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    ways = {way.value: way for way in AuthenticatorTransport}
    return [
        PublicKeyCredentialDescriptor(
            id=_bytes(passkey.credential),
            transports=[ways[each] for each in passkey.transports if each in ways] or None,
        )
        for passkey in passkeys
    ]


def _origin() -> str:
    return request.host_url.rstrip("/")


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
