"""Who opens which form: what an invitation says, checked before anything is read."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, fields, replace
from typing import Any

from ..collecte import MinistereCharge
from ..collecte.reponses import controle_of
from ..errors import Anomalie, ParametreInvalide, VigieError
from ..referentiels.formulaires import GenreFormulaire
from ..tabular import closest, listing

VARIABLE = "VIGIE_SEANCE"
"""Set by the server in a visitor's kernel: the JSON of a Demande."""
AGENT = "AG"
ECHO: GenreFormulaire = "echo"
SIGNALEMENT: GenreFormulaire = "signalement"


@dataclass(frozen=True)
class Demande:
    """One person before one form. The écho and a report of misuse have no `repondant`."""

    ministere: str
    structure: str
    etape: str
    role: str = ""
    repondant: str = ""
    campagne: str = ""

    @classmethod
    def from_json(cls, text: str) -> Demande:
        """Raises ParametreInvalide on anything that is not an object of these keys, with texts."""
        names = [item.name for item in fields(cls)]
        try:
            content: Any = json.loads(text)
        except json.JSONDecodeError as error:
            raise _invalid("n'est pas du JSON", str(error), names) from error
        if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
            raise _invalid("n'est pas un objet dont les valeurs sont des textes", type(content).__name__, names)
        if unknown := [name for name in content if name not in names]:
            raise _invalid("porte une clé inconnue", str(unknown[0]), names)
        if missing := [name for name in ("ministere", "structure", "etape") if not content.get(name)]:
            raise _invalid("ne porte pas ce qu'il faut", missing[0], names)
        return cls(**content)

    @classmethod
    def from_environment(cls) -> Demande | None:
        """What the server asked for; None in JupyterLab, where nobody was invited."""
        text = os.environ.get(VARIABLE, "")
        return cls.from_json(text) if text else None

    def to_json(self) -> str:
        return json.dumps({item.name: getattr(self, item.name) for item in fields(self)}, ensure_ascii=False)


def genre_of(demande: Demande, charge: MinistereCharge) -> GenreFormulaire:
    """The form meant. Raises ParametreInvalide when no form is for this step and this person, Introuvable too."""
    charge.structure(demande.structure)
    charge.campagne(demande.campagne or None)
    formulaires = charge.referentiels.formulaires
    kinds = [one for one in formulaires.formulaires if one.etape == demande.etape]
    if not kinds:
        known = list(dict.fromkeys(one.etape for one in formulaires.formulaires))
        raise _refused("aucun formulaire n'est prévu pour cette étape", "etape", demande.etape, known)
    if demande.etape == SIGNALEMENT or (demande.etape == "maturite" and not demande.repondant):
        return _anonymous(demande)
    _check_person(demande, charge)
    allowed = _roles(demande, charge)
    if allowed is not None and demande.role not in allowed:
        raise _refused("ce rôle ne répond pas à ce formulaire", "role", demande.role, allowed)
    if demande.etape == "competences":
        return "competences" if _is_agent(demande, charge) and demande.role == AGENT else "exposition"
    return kinds[0].id


def _anonymous(demande: Demande) -> GenreFormulaire:
    """What is said without a name is never opened by a link that has one."""
    if demande.role not in ("", AGENT):
        raise _refused("ce rôle n'ouvre pas un formulaire anonyme", "role", demande.role, [AGENT])
    if demande.repondant:
        quoi, attendu = (
            "ce formulaire est anonyme, et la demande nomme une personne",
            "une demande qui ne nomme personne",
        )
        raise ParametreInvalide([Anomalie(quoi, "repondant", "", attendu, "demandez un nouveau lien")])
    return SIGNALEMENT if demande.etape == SIGNALEMENT else ECHO


def list_people(demande: Demande, charge: MinistereCharge) -> list[tuple[str, str, str]]:
    """(role, id, name) of everyone in the structure whom the form of this step is for, the anonymous écho last."""
    titles = {one.id: one.titre for one in charge.referentiels.formulaires.formulaires}
    if demande.etape == SIGNALEMENT:
        return [(AGENT, "", titles[SIGNALEMENT])]
    rows = charge.repondants[charge.repondants["structure"] == demande.structure]
    people = [
        (role, id_, ", ".join(part for part in (nom, fonction) if part))
        for id_, role, nom, fonction in rows[["id", "role", "nom", "fonction"]].itertuples(index=False)
    ]
    if demande.etape == "competences":
        agents = charge.agents[charge.agents["structure"] == demande.structure]
        people += [(AGENT, id_, id_) for id_ in agents["id"]]
    kept = [one for one in people if may_open(replace(demande, role=one[0], repondant=one[1]), charge)]
    return [*kept, (AGENT, "", titles[ECHO])] if demande.etape == "maturite" else kept


def may_open(demande: Demande, charge: MinistereCharge) -> bool:
    """Is there a form for this person, as the ministry stands?"""
    try:
        genre_of(demande, charge)
    except VigieError:
        return False
    return True


def _roles(demande: Demande, charge: MinistereCharge) -> list[str] | None:
    """Roles that this form is for; None when it is for anyone."""
    referentiels = charge.referentiels
    if demande.etape == "maturite":
        return [
            role.id
            for role in referentiels.maturite.roles
            if any(role.id in item.roles for item in referentiels.maturite.items.values())
        ]
    return {
        "competences": list(referentiels.formulaires.exposition.roles),
        "plan_formation": list(referentiels.formulaires.plan.roles),
        "validation": list(referentiels.formulaires.validation.roles),
    }.get(demande.etape)


def _check_person(demande: Demande, charge: MinistereCharge) -> None:
    if demande.role not in charge.mesures.roles:
        raise _refused("le rôle est inconnu", "role", demande.role, list(charge.mesures.roles))
    roles = controle_of(charge).roles_of(demande.structure, demande.repondant)
    if not roles:
        people = charge.repondants
        known = sorted(people.loc[people["structure"] == demande.structure, "id"])
        raise _refused("cette personne est inconnue dans la structure", "repondant", demande.repondant, known)
    if demande.role not in roles:
        raise _refused(f"« {demande.repondant} » n'a pas ce rôle", "role", demande.role, sorted(roles))


def _is_agent(demande: Demande, charge: MinistereCharge) -> bool:
    return controle_of(charge).is_agent(demande.structure, demande.repondant)


def _invalid(quoi: str, lu: str, names: list[str]) -> ParametreInvalide:
    que_faire = "ouvrez le formulaire par le lien reçu"
    return ParametreInvalide(
        [Anomalie(f"la demande de formulaire {quoi}", VARIABLE, lu, listing(names, "et"), que_faire)]
    )


def _refused(quoi: str, ou: str, lu: str, allowed: list[str]) -> ParametreInvalide:
    proche = closest(lu, allowed) if lu else ""
    que_faire = f"vouliez-vous dire « {proche} » ?" if proche else "demandez un nouveau lien"
    return ParametreInvalide([Anomalie(quoi, ou, lu, listing(allowed), que_faire)])
