"""Self-positions of the agents by several modes of evidence, and exposure ratings of the job families.

An agent has a real level for each competence; the auto-position leans above it, a quiz and a situation come close.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from vigie.referentiels.competences import Competence

from .alea import Alea
from .contenu import Contenu, StructureFictive
from .maturite import clamp
from .population import campaign_day
from .reponse import Agent, Repondant, Reponse

MANDAT = "MET25"
"""Mandates are never positioned nor rated (C.2, line 25)."""
RETOUR_AU_NIVEAU = 0.36
"""Level of competence that one level of maturity of « Former » goes with."""


def draw_positions(
    contenu: Contenu, structure: StructureFictive, agents: list[Agent], alea: Alea, commun: Alea
) -> list[list[Reponse]]:
    """Self-positions, one list an agent who answered; `commun` makes a competence easy or hard everywhere."""
    facilites = {
        item.id: contenu.populations.facilites[item.famille] + commun.branch("competence", item.id).normal(0.35)
        for item in contenu.referentiels.competences.competences
    }
    positions = []
    for agent in agents:
        tirage = alea.branch("position", agent.id)
        if agent.metier != MANDAT and tirage.chance(structure.positionne):
            positions.append(list(_positions_of(contenu, structure, agent, facilites, tirage)))
    return [lignes for lignes in positions if lignes]


def _positions_of(
    contenu: Contenu, structure: StructureFictive, agent: Agent, facilites: dict[str, float], tirage: Alea
) -> Iterator[Reponse]:
    populations = contenu.populations
    base = RETOUR_AU_NIVEAU * structure.maturite["D2"] + 0.35 + tirage.normal(0.5)
    surestime = structure.surestime + tirage.normal(0.3)
    hesitant = tirage.chance(0.07)
    volontaire = tirage.chance(structure.volontaires)
    arret = tirage.integer(8, 24) if tirage.chance(0.07) else len(facilites)
    modes = {
        "manager": tirage.chance(structure.manager),
        "quiz": tirage.chance(structure.quiz),
        "situation": tirage.chance(structure.situations),
    }
    jour = campaign_day(structure, tirage, 0, 30)
    apres = (date.fromisoformat(jour) + timedelta(days=7)).isoformat()
    for competence in _asked(contenu, agent, volontaire)[:arret]:
        propre = tirage.branch(competence.id)
        aisance = populations.aisances.get(agent.metier, {}).get(competence.famille, 0.0)
        connu = 0.7 if competence.id in contenu.requis[agent.metier] else 0.0
        reel = base + facilites[competence.id] + aisance + connu + propre.normal(0.45)
        if propre.chance(0.5 if hesitant else 0.02):
            yield _position(agent, competence.id, "auto", "ne_sait_pas", "", jour)
        else:
            declare = _level(reel + surestime + propre.normal(0.35))
            yield _position(agent, competence.id, "auto", "niveau", declare, jour)
        if competence.famille == "F":
            continue
        if modes["manager"] and propre.chance(0.6):
            yield _position(agent, competence.id, "manager", "niveau", _level(reel + 0.1 + propre.normal(0.35)), apres)
        if modes["quiz"] and competence.id in populations.quiz:
            yield _position(agent, competence.id, "quiz", "niveau", _level(reel + propre.normal(0.3)), apres)
        if modes["situation"] and competence.id in populations.situations:
            yield _position(agent, competence.id, "situation", "niveau", _level(reel), apres)


def _asked(contenu: Contenu, agent: Agent, volontaire: bool) -> list[Competence]:
    """Competences put to an agent: soft ones to volunteers, management and job ones to those concerned."""
    publics = agent.publics.split()
    asked = []
    for competence in contenu.referentiels.competences.competences:
        famille = competence.famille
        reserves = contenu.populations.familles_reservees.get(famille)
        if famille == "F" and not volontaire:
            continue
        if reserves and not set(reserves) & set(publics):
            continue
        if famille == "H" and competence.id not in contenu.requis[agent.metier]:
            continue
        asked.append(competence)
    return asked


def _level(value: float) -> str:
    return str(clamp(value, 0, 4))


def _position(agent: Agent, cible: str, mesure: str, etat: str, valeur: str, jour: str) -> Reponse:
    return Reponse(agent.structure, agent.id, "AG", "competences", "", cible, mesure, etat, valeur, date=jour)


def draw_exposition(
    contenu: Contenu, structure: StructureFictive, agents: list[Agent], repondants: list[Repondant], alea: Alea
) -> list[Reponse]:
    """Ratings of the tasks of the most numerous job families, by an agent, a manager and the digital service.

    The last `cotations_seules` families are rated by one person only, which is not enough (C.1, step 6).
    """
    effectifs: dict[str, int] = {}
    for agent in agents:
        effectifs[agent.metier] = effectifs.get(agent.metier, 0) + 1
    effectifs.pop(MANDAT, None)
    imposes = [metier for metier in structure.cotations_imposees if metier in effectifs]
    autres = sorted(set(effectifs) - set(imposes), key=lambda metier: (-effectifs[metier], metier))
    metiers = (imposes + autres)[: structure.exposition]
    coteurs = {
        role: next((r for r in repondants if r.role == role and r.exprime), None) for role in ("AG", "MAN", "NUM")
    }
    reponses: list[Reponse] = []
    for rang, metier in enumerate(metiers):
        seul = rang >= len(metiers) - structure.cotations_seules
        for role, coteur in coteurs.items():
            if coteur and not (seul and role != "MAN"):
                regard = contenu.populations.regard_cotation[role]
                regard = structure.cotations_imposees.get(metier, {}).get(role, regard)
                reponses += _rating(contenu, metier, coteur, regard, alea.branch("exposition", metier))
    return reponses


def _rating(contenu: Contenu, metier: str, coteur: Repondant, regard: float, alea: Alea) -> Iterator[Reponse]:
    """Note, share of time and nature of each task, by one person; shares sum to 1."""
    taches = contenu.taches[metier]
    propre = alea.branch(coteur.id)
    parts = _shares([alea.branch(tache.id).between(0.6, 1.6) + propre.between(0.0, 0.3) for tache in taches])
    for tache, part in zip(taches, parts, strict=True):
        note = contenu.populations.notes[tache.exposition] + regard + propre.normal(0.06)
        nature = "H" if tache.humain else "C" if tache.exposition == "T" else "A"
        for mesure, valeur in (("note", _quarter(note)), ("part", part), ("nature", nature)):
            yield Reponse(
                coteur.structure,
                coteur.id,
                coteur.role,
                "competences",
                metier,
                tache.id,
                mesure,
                "niveau",
                valeur,
                date=coteur.date,
            )


def _shares(weights: list[float]) -> list[str]:
    """Shares of time by steps of 0.05 that sum to 1, written the French way; none is zero."""
    parts = [max(1, int(20 * weight / sum(weights) + 0.5)) for weight in weights]
    while sum(parts) != 20:
        plus_grande = parts.index(max(parts))
        parts[plus_grande] += 1 if sum(parts) < 20 else -1
    return [f"{part / 20:g}".replace(".", ",") for part in parts]


def _quarter(value: float) -> str:
    return f"{clamp(value * 4, 0, 4) / 4:g}".replace(".", ",")
