"""Files for a mail merge: whom to invite, whom to remind, with each one's link. Vigie sends no message itself.

One row a person: a link opens all that is for them. Written beside repondants.csv, readable by its owner alone: names
and personal links do not belong with the results.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from ..collecte import MinistereCharge, open_store
from ..collecte.journal import note
from ..forms.invitations import ADRESSE, invite, list_links, write_mailing

DOSSIER = "envois"
PERSONNE = ["structure", "role", "repondant"]


def invitations(
    charge: MinistereCharge,
    campagne: str,
    structures: Sequence[str] | None = None,
    etapes: Sequence[str] | None = None,
    adresse: str = ADRESSE,
) -> pd.DataFrame:
    """Everyone to ask, agents and anonymous links included: forms.invitations.LIENS and `echeance` (JJ/MM/AAAA).

    A link that still holds is given again. Raises ParametreInvalide or Introuvable.
    """
    given = [one.numero for one in invite(charge, structures, etapes, campagne=campagne)]
    liens = list_links(charge, campagne, adresse)
    liens = liens[liens["numero"].isin(given)].reset_index(drop=True)
    cloture = charge.campagne(campagne).cloture
    return liens.assign(echeance=f"{cloture:%d/%m/%Y}" if cloture else "")


def reminders(
    manquants: pd.DataFrame,
    charge: MinistereCharge,
    campagne: str,
    structures: Sequence[str] | None = None,
    etapes: Sequence[str] | None = None,
    adresse: str = ADRESSE,
) -> pd.DataFrame:
    """The same for those who have not finished: `manquants` are rows of diagnostics.accueil.SUIVI.

    One more column, `a_rendre`: the titles of what is still to come from each of them.
    """
    titres: dict[str, str] = {one.id: one.titre for one in charge.referentiels.formulaires.formulaires}
    waited = manquants.assign(a_rendre=manquants["formulaire"].map(titres))
    waited = waited.groupby(PERSONNE, sort=False)["a_rendre"].agg(" ; ".join).reset_index()
    return invitations(charge, campagne, structures, etapes, adresse).merge(waited, on=PERSONNE, how="inner")


def write_merge(
    frame: pd.DataFrame, charge: MinistereCharge, campagne: str, genre: str, jour: date | None = None
) -> Path:
    """Write <ministère>/envois/<genre>_<campagne>_<jour>.csv, as French spreadsheets and mail merges read it."""
    jour = jour or datetime.now(UTC).date()
    path = charge.chemin / DOSSIER / f"{genre}_{campagne}_{jour.isoformat()}.csv"
    note(open_store(charge), "export", f"campagne {campagne}, liens personnels et noms, fichier {path.name}")
    write_mailing(frame, path)
    return path
