"""Personal links of the people asked, from the server's own invitations."""

from __future__ import annotations

from ..collecte import MinistereCharge
from ._accueil_envois import Lien


def link_maker(charge: MinistereCharge) -> Lien:
    """What makes the link of each person; an empty one as long as forms are not served."""
    del charge
    return lambda demande: ""
