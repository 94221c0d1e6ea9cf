"""Who has answered what in a campagne, for the person who runs it: counts of answers, never what they say.

The anonymous écho is only counted by structure: nothing here, or in the store, says who sent one.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from sqlalchemy import func, select, union_all

from ..dossier import Etat
from ..referentiels.formulaires import GenreFormulaire
from .base_de_donnees import readable
from .formulaire import ENVOI
from .lot import FORMULAIRE
from .schema import echos, lots, reponses, urne
from .store import Store, current_ids

PARTICIPATION = {
    "structure": "str",
    "repondant": "str",
    "formulaire": "str",
    "reponses": "int64",  # current answers, « non répondu » aside
    "par_fichier": "bool",  # some came in a file: whoever sends one back has finished
    "dernier_jour": "str",  # ISO day of the last answer
    "envoye": "bool",  # the form was sent
}
FORMULAIRE_DE: Mapping[tuple[str, str], GenreFormulaire] = {
    ("maturite", "niveau"): "maturite",
    **{("competences", mesure): "exposition" for mesure in ("note", "part", "nature")},
    **{("competences", mesure): "competences" for mesure in ("auto", "manager", "quiz", "situation")},
    **{
        ("risques_ethique", mesure): "risques_ethique"
        for mesure in (
            *("inventaire", "marque", "aggravant", "gravite", "vraisemblance"),
            *("preuve", "critere", "referentiel", "repris"),
        )
    },
    ("plan_formation", "module"): "plan_formation",
    ("validation", "validation"): "validation",
}
"""(etape, mesure) → the form it is answered by. What those who run the diagnosis write (forcage…) has none."""


def read_participation(store: Store, campagne: str) -> pd.DataFrame:
    """PARTICIPATION, one row a person and a form of which something is stored, in the whole ministry."""
    said = reponses.c.etat != Etat.NON_REPONDU.value
    query = (
        select(
            *(reponses.c[name] for name in ("structure", "repondant", "etape", "mesure", "objet")),
            lots.c.nom.label("lot"),
            func.count().label("reponses"),
            func.max(reponses.c.enregistre_le).label("dernier_jour"),
        )
        .join(lots, reponses.c.lot == lots.c.id)
        .where(reponses.c.id.in_(current_ids(store.ministere, campagne)), said)
        .group_by(*(reponses.c[name] for name in ("structure", "repondant", "etape", "mesure", "objet")), lots.c.nom)
    )
    with readable(store.engine.url), store.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    found: dict[tuple[str, str, str], dict[str, object]] = {}
    for row in rows:
        sent = row["etape"] == ENVOI
        genre = row["objet"] if sent else FORMULAIRE_DE.get((row["etape"], row["mesure"]))
        if genre is None or not row["repondant"]:
            continue
        key = (row["structure"], row["repondant"], genre)
        line = found.setdefault(
            key,
            {"reponses": 0, "par_fichier": False, "dernier_jour": "", "envoye": False},
        )
        line["envoye"] = line["envoye"] or sent
        line["dernier_jour"] = max(str(line["dernier_jour"]), row["dernier_jour"][:10])
        if not sent:
            line["reponses"] = int(str(line["reponses"])) + row["reponses"]
            line["par_fichier"] = line["par_fichier"] or row["lot"] != FORMULAIRE
    lines = [
        dict(zip(("structure", "repondant", "formulaire"), key, strict=True)) | found[key] for key in sorted(found)
    ]
    return pd.DataFrame(lines, columns=list(PARTICIPATION)).astype(PARTICIPATION)


def count_echos(store: Store, campagne: str) -> dict[str, int]:
    """Structure → how many anonymous échos came: the most answers that one of its statements got, those that wait in
    the urn included. Not to be shown as it is: see diagnostics.accueil.shown_count."""
    both = union_all(
        *(
            select(table.c.structure, table.c.cible).where(
                table.c.ministere == store.ministere, table.c.campagne == campagne
            )
            for table in (echos, urne)
        )
    ).subquery()
    by_item = (
        select(both.c.structure, both.c.cible, func.count().label("nombre"))
        .group_by(both.c.structure, both.c.cible)
        .subquery()
    )
    query = select(by_item.c.structure, func.max(by_item.c.nombre)).group_by(by_item.c.structure)
    with readable(store.engine.url), store.engine.connect() as connection:
        return {structure: int(number) for structure, number in connection.execute(query)}
