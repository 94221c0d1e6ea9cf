"""One fictional structure, whole: its people and their answers, drawn ones and written ones."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .alea import Alea
from .competences import draw_exposition, draw_positions
from .contenu import Contenu, StructureFictive
from .maturite import draw_echo, draw_maturite
from .population import draw_agents, draw_repondants
from .reponse import Agent, Repondant, Reponse
from .risques import draw_risques


@dataclass(frozen=True)
class StructureTiree:
    """`echo` and `positions` hold one list a person; the other answers are flat."""

    structure: StructureFictive
    premier: int
    """Number of its first agent."""
    agents: list[Agent]
    repondants: list[Repondant]
    maturite: list[Reponse]
    echo: list[list[Reponse]]
    positions: list[list[Reponse]]
    exposition: list[Reponse]
    risques: list[Reponse]
    corrections: list[Reponse]


def draw_structure(contenu: Contenu, structure: StructureFictive, premier: int, graine: int) -> StructureTiree:
    """`premier` is the number of its first agent."""
    commun = Alea(graine)
    alea = commun.branch("structure", structure.id)
    agents = draw_agents(contenu, structure, premier, alea.branch("agents"))
    repondants = draw_repondants(contenu, structure, alea)
    questionnaire = [personne for personne in repondants if personne.role not in contenu.textes.conduite]
    maturite = draw_maturite(contenu, structure, questionnaire, alea, commun)
    return StructureTiree(
        structure=structure,
        premier=premier,
        agents=agents,
        repondants=repondants,
        maturite=maturite + _additions(structure, repondants),
        echo=draw_echo(contenu, structure, alea),
        positions=draw_positions(contenu, structure, agents, alea, commun),
        exposition=draw_exposition(contenu, structure, agents, repondants, alea),
        risques=draw_risques(contenu, structure, repondants, alea),
        corrections=_corrections(structure, maturite),
    )


def _additions(structure: StructureFictive, repondants: list[Repondant]) -> list[Reponse]:
    """Arbitrages and overrides written in the scenario, dated of the campaign's last day."""
    par_role = {personne.role: personne.id for personne in repondants}
    return [
        Reponse(
            structure.id,
            par_role[ajout.role],
            ajout.role,
            "maturite",
            "",
            ajout.cible,
            ajout.mesure,
            "niveau",
            str(ajout.valeur),
            ajout.commentaire,
            date=structure.cloture.isoformat(),
        )
        for ajout in structure.ajouts
    ]


def _corrections(structure: StructureFictive, maturite: list[Reponse]) -> list[Reponse]:
    """Answers sent again by the first person of the role who changes their mind; what they showed as evidence stays."""
    corrections = []
    for ligne in structure.corrections:
        valeur = "" if ligne.valeur is None else str(ligne.valeur)
        cle = (ligne.cible, ligne.role)
        dites = (reponse for reponse in maturite if (reponse.cible, reponse.role) == cle and reponse.valeur)
        avant = next(reponse for reponse in dites if reponse.valeur != valeur)
        apres = {"etat": ligne.etat, "valeur": valeur, "commentaire": ligne.commentaire}
        corrections.append(replace(avant, **apres, date=structure.cloture.isoformat()))
    return corrections
