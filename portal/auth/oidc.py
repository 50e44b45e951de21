"""Coming in through the body's own identity provider (OpenID Connect, code flow with PKCE).

The provider says who somebody is; what they may do is ours: a verified e-mail address must be
that of an active account, and nothing here makes an account or a right. The libraries are loaded
when somebody comes this way, never when the portal starts.
"""

import threading
import time
from dataclasses import dataclass
from hmac import compare_digest
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from portal.settings import Settings

if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

SCOPE = "openid email"
TIMEOUT = 5.0  # seconds that the provider may take for an answer
FRESH = 3600.0  # seconds for which its addresses and keys are believed unchanged
PAUSE = 15.0  # seconds before a provider that did not answer is asked again
LEEWAY = 60  # seconds that its clock may differ from ours
# Signatures that only the provider can make; never "none", never one made with our own secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")


@dataclass
class OidcFailed(Exception):
    """Nobody came in. ``reason``: "down", "denied" (by the person or the provider), "forged"
    (the answer is not to our question, or not from the provider), "unverified" (no address)."""

    reason: str


@dataclass(frozen=True)
class Question:
    """Where to send the person, and what only their browser may bring back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Who the provider says it is; ``strong`` when at the level that the settings ask for."""

    email: str
    strong: bool


class Provider:
    """The identity provider of the settings. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, dict[str, Any] | None]] = {}
        self._silent_until = 0.0

    def ask(self, redirect_uri: str) -> Question:
        """Begin. Raises ``OidcFailed``."""
        state, nonce, verifier = (token_urlsafe(32) for _ in range(3))
        options = {"nonce": nonce}
        if self._settings.oidc_acr:
            options["acr_values"] = self._settings.oidc_acr
        address, _state = self._session(redirect_uri).create_authorization_url(
            self._metadata()["authorization_endpoint"],
            state=state,
            code_verifier=verifier,
            **options,
        )
        return Question(address, state, nonce, verifier)

    def identify(self, redirect_uri: str, question: Question, answer: dict[str, str]) -> Identity:
        """Who has come back with ``answer``, the arguments of the address. ``OidcFailed``."""
        if not compare_digest(answer.get("state", "").encode(), question.state.encode()):
            raise OidcFailed("forged")
        if answer.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise OidcFailed("forged")  # RFC 9207: another provider's answer
        if "code" not in answer:
            raise OidcFailed("denied")
        token = self._exchange(redirect_uri, question, answer["code"])
        claims = self._verified(token.get("id_token"), question.nonce)
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            raise OidcFailed("unverified")
        wanted = self._settings.oidc_acr.split()
        return Identity(email, bool(wanted) and claims.get("acr") in wanted)

    def _session(self, redirect_uri: str) -> "OAuth2Session":
        from authlib.integrations.requests_client import OAuth2Session

        return OAuth2Session(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret,
            scope=SCOPE,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            default_timeout=TIMEOUT,
        )

    def _exchange(self, redirect_uri: str, question: Question, code: str) -> dict[str, Any]:
        from authlib.common.errors import AuthlibBaseError
        from requests import RequestException

        try:
            token: dict[str, Any] = self._session(redirect_uri).fetch_token(
                self._metadata()["token_endpoint"],
                code=code,
                grant_type="authorization_code",
                code_verifier=question.verifier,
            )
        except AuthlibBaseError as error:
            raise OidcFailed("denied") from error
        except (RequestException, ValueError) as error:
            raise OidcFailed("down") from error
        return token

    def _verified(self, token: Any, nonce: str) -> dict[str, Any]:
        """The claims of an ID token of this provider, for us, now, in answer to our question."""
        from joserfc import jwt
        from joserfc.errors import JoseError

        expected = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._settings.oidc_issuer},
            aud={"essential": True, "value": self._settings.oidc_client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims: dict[str, Any] = self._decoded(str(token)).claims
            expected.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise OidcFailed("forged") from error
        audience = claims["aud"]
        several = isinstance(audience, list) and len(audience) > 1
        if (several or "azp" in claims) and claims.get("azp") != self._settings.oidc_client_id:
            raise OidcFailed("forged")
        return claims

    def _decoded(self, token: str) -> Any:
        """The token, its signature checked; a key that we do not know is asked for once more."""
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError
        from joserfc.jwk import KeySet

        address = self._metadata()["jwks_uri"]
        try:
            keys = KeySet.import_key_set(self._fetched(address))  # type: ignore[arg-type]
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except (BadSignatureError, InvalidKeyIdError):
            keys = KeySet.import_key_set(self._fetched(address, anew=True))  # type: ignore[arg-type]
            return jwt.decode(token, keys, algorithms=ALGORITHMS)

    def _metadata(self) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer
        found = self._fetched(issuer.rstrip("/") + "/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise OidcFailed("down")
        return found

    def _fetched(self, address: str, anew: bool = False) -> dict[str, Any]:
        """What stands at an address of the provider, asked for once an hour."""
        import requests

        with self._lock:  # one asks, the others wait for its answer, or for its failure
            asked, found = self._known.get(address, (0.0, None))
            age = time.monotonic() - asked
            if found is not None and not anew and age < FRESH:
                return found
            if self._silent_until > time.monotonic():
                raise OidcFailed("down")
            try:
                response = requests.get(address, timeout=TIMEOUT, allow_redirects=False)
                response.raise_for_status()
                found = dict(response.json())
            except (requests.RequestException, ValueError, TypeError) as error:
                self._silent_until = time.monotonic() + PAUSE
                raise OidcFailed("down") from error
            self._known[address] = (time.monotonic(), found)
            return found
