"""Scenarios of any size for benchmarks: structures drawn from the natures and the use cases of the demonstration."""

from __future__ import annotations

from datetime import date

from .alea import Alea
from .contenu import Contenu, Scenario, StructureFictive

SITUATIONS = {"a": 0.25, "b": 0.4, "c": 0.25, "d": 0.1}
OUVERTURES = (date(2027, 1, 18), date(2027, 3, 15), date(2027, 9, 1))
FORMATS = {"maturite": "long_csv", "echo": "long_csv", "competences": "long_csv", "risques_ethique": "long_csv"}


def draw_scenario(
    contenu: Contenu, modele: Scenario, identifiant: str, structures: int, agents_par_structure: int, graine: int
) -> Scenario:
    """A ministry of `structures` structures, of `agents_par_structure` agents on average."""
    alea = Alea(graine).branch("ministere")
    ministere = modele.ministere.model_copy(
        update={"id": identifiant, "nom": f"Ministère fictif de {structures} structures (banc d'essai)"}
    )
    largeur = len(str(structures))
    lignes = tuple(
        _structure(contenu, modele, f"s{rang:0{largeur}d}", agents_par_structure, alea.branch(rang))
        for rang in range(1, structures + 1)
    )
    return Scenario(graine=graine, ministere=ministere, structures=lignes)


def _structure(contenu: Contenu, modele: Scenario, identifiant: str, agents: int, alea: Alea) -> StructureFictive:
    populations = contenu.populations
    nature = alea.choice(sorted(populations.natures))
    lieu = alea.choice(populations.lieux)
    situation = alea.weighted(SITUATIONS)
    niveau = populations.maturite_par_situation[situation] + alea.normal(0.4)
    cas = [cas for structure in modele.structures for cas in structure.cas if not cas.forcages]
    nombre = 0 if situation == "a" else alea.integer(1, 3)
    # two templates may share an id: the last drawn holds, as an inventory names a case once
    choisis = {cas.objet: cas for cas in alea.sample(cas, nombre)}
    return StructureFictive(
        id=identifiant,
        nom=f"{populations.natures[nature].nom.format(lieu=lieu)} {identifiant} (fictif)",
        nature=nature,
        situation=situation,
        effectif=max(1, round(agents * alea.between(0.5, 1.5))),
        sites={f"{lieu} 1": 2, f"{lieu} 2": 1},
        mise_en_service=alea.choice(OUVERTURES) if situation in "cd" else None,
        maturite={dimension.id: niveau + alea.normal(0.4) for dimension in contenu.referentiels.maturite.dimensions},
        visibilite=alea.normal(0.4),
        repond=alea.between(0.6, 1.0),
        echo=alea.between(0.2, 0.6),
        positionne=alea.between(0.4, 0.8),
        manager=alea.between(0.0, 0.4),
        quiz=alea.between(0.0, 0.3),
        situations=alea.between(0.0, 0.1),
        documents=alea.between(0.3, 0.9),
        indicateurs=alea.between(0.0, 0.5),
        exposition=alea.integer(1, 4),
        formats=FORMATS,
        cas=tuple(choisis.values()),
        referentiel=modele.structures[-1].referentiel,
    )
