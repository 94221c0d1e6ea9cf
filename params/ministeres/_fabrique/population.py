"""Agents and named respondents of a fictional structure. No real name, no real person."""

from __future__ import annotations

from datetime import timedelta

from .alea import Alea, spread_out
from .contenu import Contenu, Populations, StructureFictive
from .reponse import Agent, Repondant

CADRES = ("MET14", "MET21", "MET22", "MET23")


def draw_agents(contenu: Contenu, structure: StructureFictive, premier: int, alea: Alea) -> list[Agent]:
    """As many agents as `effectif`, numbered from `premier`, in no particular order."""
    populations = contenu.populations
    nature = populations.natures[structure.nature]
    par_metier = spread_out(structure.effectif, nature.metiers)
    metiers = [metier for metier, nombre in par_metier.items() for _ in range(nombre)]
    exposes = {
        metier.id for metier in contenu.referentiels.metiers.metiers if metier.classe_depart not in (None, "faible")
    }
    return [
        _agent(populations, structure, premier + rang, metier, metier in exposes, alea.branch("agent", rang))
        for rang, metier in enumerate(alea.shuffled(metiers))
    ]


def _agent(
    populations: Populations, structure: StructureFictive, numero: int, metier: str, expose: bool, alea: Alea
) -> Agent:
    categories = populations.natures[structure.nature].categories
    femmes = populations.femmes_par_metier.get(metier, populations.femmes)
    return Agent(
        structure=structure.id,
        id=f"AG{numero:04d}",
        metier=metier,
        publics=_publics(populations, metier, alea),
        categorie="A" if metier in CADRES else alea.weighted(categories),
        site=alea.weighted(structure.sites),
        sexe="F" if alea.chance(femmes) else "H",
        mise_en_service=_opening(structure, metier, expose),
    )


def _publics(populations: Populations, metier: str, alea: Alea) -> str:
    publics = [populations.publics[metier]] if metier in populations.publics else []
    for public, chance in populations.publics_de_plus.get(metier, {}).items():
        if alea.chance(chance):
            publics.append(public)
    return " ".join(sorted(publics))


def _opening(structure: StructureFictive, metier: str, expose: bool) -> str:
    """The date of the agent's own tool; without a date by job family, exposed families follow the structure."""
    if structure.ouvertures:
        ouverture = structure.ouvertures.get(metier)
    else:
        ouverture = structure.mise_en_service if expose else None
    return ouverture.isoformat() if ouverture else ""


def draw_repondants(contenu: Contenu, structure: StructureFictive, alea: Alea) -> list[Repondant]:
    """Two to four people a role where the size allows; about a third are named by their function only."""
    palier = next(palier for palier in contenu.populations.repondants if structure.effectif <= palier.jusqua)
    noms = alea.branch("noms").shuffled(contenu.textes.noms)
    prenoms = alea.branch("prenoms").shuffled(contenu.textes.prenoms)
    repondants: list[Repondant] = []
    for role, nombre in palier.roles.items():
        fonctions = contenu.textes.fonctions[role]
        for rang in range(nombre):
            tirage = alea.branch("repondant", role, rang)
            place = len(repondants)
            fonction = fonctions[rang % len(fonctions)]
            complet = f"{prenoms[place % len(prenoms)]} {noms[place % len(noms)]}"
            repondants.append(
                Repondant(
                    structure=structure.id,
                    id=f"{structure.id}-{role.lower()}{rang + 1}",
                    role=role,
                    nom=complet if tirage.chance(0.65) else fonction,
                    fonction=fonction,
                    exprime=tirage.chance(structure.repond) and role not in structure.absents,
                    biais=tirage.normal(0.28),
                    excuse=tirage.choice(contenu.textes.ne_sait_pas),
                    date=campaign_day(structure, tirage),
                )
            )
    return repondants + _conductors(contenu, structure)


def _conductors(contenu: Contenu, structure: StructureFictive) -> list[Repondant]:
    """Those who run the diagnosis, where the scenario makes them write something."""
    roles = {ajout.role for ajout in structure.ajouts}
    if any(cas.forcages for cas in structure.cas):
        roles.add("CONSULTANT")
    return [
        Repondant(
            structure.id, f"{structure.id}-{role.lower()}", role, nom, nom, True, 0.0, "", structure.cloture.isoformat()
        )
        for role, nom in sorted(contenu.textes.conduite.items())
        if role in roles
    ]


def campaign_day(structure: StructureFictive, alea: Alea, premier: int = 0, dernier: int = 38) -> str:
    """A working day of the campaign, between two numbers of days after its opening."""
    jour = structure.ouverture + timedelta(days=alea.integer(premier, dernier))
    if jour.weekday() > 4:
        jour -= timedelta(days=jour.weekday() - 4)
    return jour.isoformat()
