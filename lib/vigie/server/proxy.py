"""The other door: a reverse proxy has identified someone, and says who in a signed header.

The header X-Vigie-Identite holds a JSON Web Token (RFC 7519) signed with HMAC-SHA256, as most single sign-on proxies
can make one. Its key is in VIGIE_SSO_CLE. Claims: `aud` « vigie », `exp` in seconds since 1970, at most five minutes
ahead, `structure` and `repondant` as in repondants.csv, `role` when the person has several. It opens what that person
was invited to, nothing more: who was not invited, or whose link was withdrawn, does not enter.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from typing import Any

from ..collecte import Store
from ..collecte.invitations import Invitation
from ..forms.invitations import live_invitations
from ..forms.liens import LienRefuse

ENTETE = "X-Vigie-Identite"
AUDIENCE = "vigie"
DUREE_MAX_S = 300


def identified(store: Store, campagne: str, key: str, token: str) -> Invitation:
    """The last invitation of whom the proxy names. Raises LienRefuse."""
    claims = _claims(key, token)
    wanted = {name: claims.get(name) for name in ("structure", "repondant", "role") if name in claims}
    if not all(isinstance(wanted.get(name), str) and wanted[name] for name in ("structure", "repondant")):
        raise LienRefuse("identite_refusee")
    mine = [
        one
        for one in live_invitations(store, campagne)
        if all(getattr(one, name) == value for name, value in wanted.items())
    ]
    if not mine:
        raise LienRefuse("pas_invite")
    return mine[-1]


def _claims(key: str, token: str) -> dict[str, Any]:
    try:
        signed, signature = token.rsplit(".", 1)
        expected = hmac.new(key.encode(), signed.encode(), hashlib.sha256).digest()
        # as it is written: several writings in base 64 say the same bytes
        if not hmac.compare_digest(signature.encode(), base64.urlsafe_b64encode(expected).rstrip(b"=")):
            raise LienRefuse("identite_refusee")
        header, claims = (json.loads(_decode(part)) for part in signed.split("."))
        lasts = claims["exp"] - time.time()
        good = header["alg"] == "HS256" and claims["aud"] == AUDIENCE and 0 < lasts <= DUREE_MAX_S
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise LienRefuse("identite_refusee") from error
    if not good:
        raise LienRefuse("identite_refusee")
    return dict(claims)


def _decode(part: str) -> bytes:
    return base64.b64decode(part.encode() + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
