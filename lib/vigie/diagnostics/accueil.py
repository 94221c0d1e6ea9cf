"""The campaign seen from its cockpit: who was asked what, who answered, who is missing. Counts, no answer.

A person has finished a form when they sent it, or sent a file back; has begun it when something of theirs is stored.
Whom the consultant may name: the respondents of repondants.csv. Agents are counted, by structure, never listed: their
position is theirs and the training service's. The anonymous écho is a count, withheld under the small-group threshold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from ..referentiels import Referentiels
from .cadres import frame_of

TERMINE, COMMENCE, RIEN = "rendu", "commence", "rien_recu"
ATTENDUS = {"structure": "str", "repondant": "str", "role": "str", "nom": "str", "fonction": "str", "formulaire": "str"}
SUIVI = {**ATTENDUS, "etat": "str", "reponses": "int64", "dernier_jour": "str"}
PAR_STRUCTURE = {
    "structure": "str",
    "formulaire": "str",
    "attendus": "int64",
    "commences": "int64",
    "termines": "int64",
}
PAR_ROLE = {
    "role": "str",
    "formulaire": "str",
    "attendus": "int64",
    "commences": "int64",
    "termines": "int64",
    "taux": "float64",
}
COLLECTIFS = ("echo", "competences")
"""Forms of the agents: counted, never named."""


def roles_asked(referentiels: Referentiels) -> dict[str, frozenset[str]]:
    """Form → roles that are asked to fill it in, in the order of formulaires.yaml; the forms of agents aside.

    The inventory of uses is open to all; only those who rate, prove or compare are waited for.
    """
    formulaires = referentiels.formulaires
    risques = formulaires.risques
    roles = {
        "maturite": {role for item in referentiels.maturite.items.values() for role in item.roles},
        "exposition": set(formulaires.exposition.roles),
        "risques_ethique": {*risques.roles_cotation, *risques.roles_regles, *risques.roles_referentiel},
        "plan_formation": set(formulaires.plan.roles),
        "validation": set(formulaires.validation.roles),
    }
    return {one.id: frozenset(roles[one.id]) for one in formulaires.formulaires if one.id in roles}


def expected(repondants: pd.DataFrame, roles: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """ATTENDUS: one row a person and a form they are asked to fill in. `repondants`: dossier.REPONDANTS + structure."""
    rows: list[dict[str, Any]] = []
    for person in repondants.to_dict("records"):
        for formulaire, asked in roles.items():
            if person["role"] in asked:
                known = {name: person[name] for name in ("structure", "role", "nom", "fonction")}
                rows.append({**known, "repondant": person["id"], "formulaire": formulaire})
    return frame_of(rows, ATTENDUS)


def follow(attendus: pd.DataFrame, participation: pd.DataFrame) -> pd.DataFrame:
    """SUIVI: what each person asked did with each form. `participation`: collecte.suivi.PARTICIPATION."""
    done = participation.set_index(["structure", "repondant", "formulaire"]).to_dict("index")
    rows: list[dict[str, Any]] = []
    for line in attendus.to_dict("records"):
        given = done.get((line["structure"], line["repondant"], line["formulaire"]))
        etat = RIEN if given is None else TERMINE if given["envoye"] or given["par_fichier"] else COMMENCE
        rows.append(
            {
                **{name: line[name] for name in ATTENDUS},
                "etat": etat,
                "reponses": given["reponses"] if given else 0,
                "dernier_jour": given["dernier_jour"] if given else "",
            }
        )
    return frame_of(rows, SUIVI)


def by_structure(suivi: pd.DataFrame) -> pd.DataFrame:
    """PAR_STRUCTURE: people asked, begun, finished, by structure and form, in the order of `suivi`."""
    return _counted(suivi, ["structure", "formulaire"], PAR_STRUCTURE)


def by_role(suivi: pd.DataFrame) -> pd.DataFrame:
    """PAR_ROLE: the same by role and form; `taux` = finished over asked."""
    counted = _counted(suivi, ["role", "formulaire"], {name: PAR_ROLE[name] for name in PAR_ROLE if name != "taux"})
    return counted.assign(taux=counted["termines"] / counted["attendus"]).astype(PAR_ROLE)


def missing(suivi: pd.DataFrame) -> pd.DataFrame:
    """Rows of `suivi` not finished: first those of whom nothing came."""
    rows = suivi[suivi["etat"] != TERMINE]
    return rows.sort_values("etat", key=lambda etat: etat != RIEN, kind="stable").reset_index(drop=True)


def count_agents(agents: pd.DataFrame, participation: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Structure → agents who positioned themselves, agents there are."""
    known = set(zip(agents["structure"], agents["id"], strict=True))
    given = participation[participation["formulaire"] == "competences"]
    answered = known & set(zip(given["structure"], given["repondant"], strict=True))
    return {
        structure: (sum(one == structure for one, _ in answered), sum(one == structure for one, _ in known))
        for structure in dict.fromkeys(agents["structure"])
    }


def shown_count(number: int, seuil: int) -> str:
    """A count of anonymous answers, by steps of the threshold: one more answer does not show, not even the first."""
    return f"au moins {number // seuil * seuil}" if number >= seuil else f"moins de {seuil}"


def _counted(suivi: pd.DataFrame, keys: list[str], schema: Mapping[str, str]) -> pd.DataFrame:
    rows = [
        {
            **dict(zip(keys, key, strict=True)),
            "attendus": len(group),
            "commences": int((group["etat"] == COMMENCE).sum()),
            "termines": int((group["etat"] == TERMINE).sum()),
        }
        for key, group in suivi.groupby(keys, sort=False)
    ]
    return frame_of(rows, schema)
