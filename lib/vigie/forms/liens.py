"""What a link opens. Its token holds all that it opens, signed, and opens nothing by itself: the store must know it as
it is, not as withdrawn, and the person must still be in the ministry with that role (see demande.genre_of)."""

from __future__ import annotations

from dataclasses import asdict
from hmac import compare_digest
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from ..collecte import Store
from ..collecte.invitations import Invitation, find_invitation

PREFIXE = "/i/"
"""What precedes the token in a link."""
_SEL = "vigie.invitation"


class LienRefuse(Exception):
    """A link that opens nothing; `motif` is the key of what to say in formulaires.yaml."""

    def __init__(self, motif: str) -> None:
        super().__init__(motif)
        self.motif = motif


def sign(ministere: str, invitation: Invitation, key: str) -> str:
    return str(_serializer(key).dumps([ministere, asdict(invitation)]))


def open_token(store: Store, key: str, token: str) -> Invitation:
    """What a token opens now. Raises LienRefuse. One row of the store is read."""
    try:
        ministere, content = _serializer(key).loads(token)
        named = Invitation(**{**content, "etapes": tuple(content["etapes"])})
    except (BadData, TypeError, KeyError, ValueError) as error:
        raise LienRefuse("lien_invalide") from error
    if ministere != store.ministere or not compare_digest(sign(ministere, named, key).encode(), token.encode()):
        raise LienRefuse("lien_invalide")
    check_invitation(store, named)
    return named


def check_invitation(store: Store, invitation: Invitation) -> None:
    """Raises LienRefuse when the link is unknown to the store, withdrawn, or past its day."""
    known, withdrawn = find_invitation(store, invitation.numero)
    if known != invitation:
        raise LienRefuse("lien_invalide")
    if withdrawn:
        raise LienRefuse("lien_retire")
    if invitation.expiree:
        raise LienRefuse("lien_expire")


def _serializer(key: str) -> Any:
    return URLSafeSerializer(key, salt=_SEL)
