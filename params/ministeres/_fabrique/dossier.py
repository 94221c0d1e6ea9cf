"""The folder of a ministry: its tables, its description, and the answers as they were received, file by file."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain, groupby
from pathlib import Path

from vigie.errors import Anomalie, EntreeInvalide
from vigie.referentiels.ministere import Campagne

from .contenu import Contenu, Etape, Scenario, StructureFictive
from .fichiers import Table, csv_bytes, long_table, wide_table, write, xlsx_bytes
from .reponse import Reponse
from .structure import StructureTiree, draw_structure

AGENTS = ["structure", "id", "metier", "publics", "categorie", "site", "sexe", "mise_en_service"]
REPONDANTS = ["structure", "id", "role", "nom", "fonction"]
SIGNATURE = "params/ministeres/fabrique.py"
"""What tells a folder made here, hence free to be rewritten, from a ministry's own."""
FORMATION = Path(__file__).parent / "formation"
DECISION = "Fixée par la direction après échange avec les représentants du personnel (fictif)"


def write_ministere(contenu: Contenu, scenario: Scenario, dossier: Path, un_fichier: bool = False) -> list[Path]:
    """Writes everything, one structure at a time; returns the paths. `un_fichier`: one file of answers a structure.

    Answers left by an earlier writing go away. Raises EntreeInvalide rather than touch a folder made by someone else.
    """
    _refuse_foreign(dossier)
    agents: list[list[str]] = []
    repondants: list[list[str]] = []
    ecrits: list[Path] = []
    for structure in scenario.structures:
        tiree = draw_structure(contenu, structure, len(agents) + 1, scenario.graine)
        agents += [[getattr(agent, nom) for nom in AGENTS] for agent in tiree.agents]
        repondants += [[getattr(personne, nom) for nom in REPONDANTS] for personne in tiree.repondants]
        for nom, octets in chain(
            _answer_files(contenu, tiree, un_fichier), _earlier_files(contenu, scenario, structure, tiree)
        ):
            ecrits.append(dossier / "reponses" / nom)
            write(ecrits[-1], octets)
    tables: dict[str, Table] = {
        "structures.csv": _structures(contenu, scenario),
        "agents.csv": (AGENTS, agents),
        "repondants.csv": (REPONDANTS, repondants),
        "cibles.csv": _cibles(scenario),
        "validations.csv": _validations(scenario),
    }
    for nom, table in tables.items():
        ecrits.append(dossier / nom)
        write(ecrits[-1], csv_bytes(table))
    for nom in scenario.joints:
        ecrits.append(dossier / nom)
        write(ecrits[-1], (FORMATION / nom).read_bytes())
    ecrits.append(dossier / "ministere.yaml")
    write(ecrits[-1], _description(scenario).encode())
    for ancien in sorted(set((dossier / "reponses").rglob("*.*")) - set(ecrits)):
        ancien.unlink()
    return ecrits


def _refuse_foreign(dossier: Path) -> None:
    description = dossier / "ministere.yaml"
    ours = description.is_file() and SIGNATURE in description.read_text(encoding="utf-8")
    if dossier.is_dir() and any(dossier.iterdir()) and not ours:
        attendu, que_faire = "un dossier vide ou nouveau", "donnez un autre dossier"
        raise EntreeInvalide([Anomalie("le dossier contient déjà autre chose", str(dossier), "", attendu, que_faire)])


def _answer_files(contenu: Contenu, tiree: StructureTiree, un_fichier: bool) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of each file received, in the order of the names, which is the order of arrival."""
    structure = tiree.structure
    if un_fichier:
        tout = chain(tiree.maturite, chain(*tiree.echo), chain(*tiree.positions), tiree.exposition, tiree.risques)
        yield f"{structure.id}.csv", csv_bytes(long_table(tout))
        return
    echo = [item.id for item in contenu.referentiels.maturite.echo.items]
    competences = [item.id for item in contenu.referentiels.competences.competences]
    items = list(contenu.referentiels.maturite.items)
    par_personne = [list(dites) for _, dites in groupby(tiree.maturite, key=lambda reponse: reponse.repondant)]
    yield from _file(structure, "maturite", "maturite", par_personne, items)
    yield from _file(structure, "echo", "echo", tiree.echo, echo)
    yield from _file(structure, "competences", "competences", tiree.positions, competences)
    yield from _file(structure, "competences", "exposition", [tiree.exposition], [])
    yield from _file(structure, "risques_ethique", "risques-ethique", [tiree.risques], [])
    if tiree.corrections:
        nom = f"{structure.cloture}_{structure.id}_correction.csv"
        yield nom, csv_bytes(long_table(tiree.corrections))


def _file(
    structure: StructureFictive, etape: Etape, titre: str, personnes: list[list[Reponse]], cibles: list[str]
) -> Iterator[tuple[str, bytes]]:
    """The answers of one etape in the format the scenario wants; nothing when there is none.

    A table of one line a person needs `cibles`; without them the file is long.
    """
    if not any(personnes):
        return
    format_ = structure.formats[etape]
    nom = f"{structure.cloture - timedelta(days=RECEPTION[titre])}_{structure.id}_{titre}"
    if format_.startswith("large") and cibles:
        table = wide_table(personnes, cibles)
    else:
        table = long_table(chain(*personnes), implicite=format_.endswith("cp1252"))
    if format_.endswith("xlsx"):
        yield f"{nom}.xlsx", xlsx_bytes(table, "réponses")
    elif format_.endswith("cp1252"):
        yield f"{nom}.csv", csv_bytes(table, "cp1252")
    else:
        yield f"{nom}.csv", csv_bytes(table)


RECEPTION = {"maturite": 7, "echo": 4, "competences": 3, "exposition": 3, "risques-ethique": 2}
"""Days before the end of the campagne at which each kind of file was received."""


def _earlier_files(
    contenu: Contenu, scenario: Scenario, structure: StructureFictive, tiree: StructureTiree
) -> Iterator[tuple[str, bytes]]:
    """Files of the campagnes before, in a folder of their own: the same people, the same draws, an earlier state."""
    for campagne in scenario.anterieures:
        avant = structure.in_campagne(campagne)
        if avant:
            repondue = draw_structure(contenu, avant, tiree.premier, scenario.graine)
            for nom, octets in _answer_files(contenu, repondue, un_fichier=False):
                yield f"{campagne.id}/{nom}", octets


def _structures(contenu: Contenu, scenario: Scenario) -> Table:
    lignes = [
        [
            structure.id,
            structure.nom,
            contenu.populations.natures[structure.nature].type,
            structure.situation,
            str(structure.effectif),
            next(iter(structure.sites)),
            structure.mise_en_service.isoformat() if structure.mise_en_service else "",
        ]
        for structure in scenario.structures
    ]
    return ["id", "nom", "type", "situation", "effectif", "site", "mise_en_service"], lignes


def _cibles(scenario: Scenario) -> Table:
    lignes = [
        [structure.id, dimension, str(cible), structure.cloture.isoformat(), DECISION]
        for structure in scenario.structures
        for dimension, cible in structure.cibles.items()
    ]
    return ["structure", "dimension", "cible", "date", "decision"], lignes


def _validations(scenario: Scenario) -> Table:
    lignes = [
        [structure.id, ligne.etape, ligne.livrable, ligne.etat, ligne.date, ligne.par]
        for structure in scenario.structures
        for ligne in structure.validations
    ]
    return ["structure", "etape", "livrable", "etat", "date", "par"], lignes


def _description(scenario: Scenario) -> str:
    """ministere.yaml, opened by a comment that says what each structure is there to show."""
    ministere = scenario.ministere
    lignes = [
        f"# {ministere.nom}.",
        "#",
        "# Tout est fictif\u00a0: structures, personnes, documents, outils et réponses. Aucune donnée ne vient d'une",
        f"# administration réelle. Ce dossier est écrit par {SIGNATURE}\u00a0: ne le modifiez pas à la main.",
    ]
    montrees = [structure for structure in scenario.structures if structure.montre]
    if montrees:
        lignes += ["#", "# Ce que chaque structure permet de voir\u00a0:"]
    for structure in montrees:
        texte = f"{structure.id} ({structure.effectif} agents, situation {structure.situation}) : {structure.montre}."
        lignes += textwrap.wrap(_french_spaces(texte), 118, initial_indent="# - ", subsequent_indent="#   ")
    lignes += [
        f"id: {ministere.id}",
        f'nom: "{ministere.nom}"',
        "fictif: true",
        f"campagne: {ministere.campagne}",
        "campagnes:",
    ]
    for campagne in ministere.campagnes:
        lignes += [
            f"  - id: {campagne.id}",
            f'    libelle: "{campagne.libelle}"',
            f"    date_reference: {campagne.date_reference}",
            f"    ouverture: {campagne.ouverture}",
            f"    cloture: {campagne.cloture}",
        ]
        lignes += [f"    {cle}: {_flow(valeur)}" for cle, valeur in _changes(campagne) if valeur]
    if ministere.documents:
        lignes.append("documents:")
    for document in ministere.documents:
        lignes += [
            f"  - id: {document.id}",
            f'    libelle: "{document.libelle}"',
            f'    reference: "{document.reference}"',
            f"    date: {document.date}",
            f"    regles: [{', '.join(document.regles)}]",
            f'    note: "{document.note}"',
        ]
    return "\n".join(lignes) + "\n"


def _changes(campagne: Campagne) -> list[tuple[str, dict[str, str]]]:
    """What was in force at the time of a campagne, as YAML values."""
    versions = {name: f'"{version}"' for name, version in campagne.versions.items()}
    modifies = {name: f"[{', '.join(ids)}]" for name, ids in campagne.modifies.items()}
    return [("versions", versions), ("modifies", modifies)]


def _flow(valeurs: dict[str, str]) -> str:
    return "{" + ", ".join(f"{name}: {value}" for name, value in valeurs.items()) + "}"


def _french_spaces(texte: str) -> str:
    """With the no-break spaces of French typography, so that a line is never cut before « ; » or a guillemet."""
    for avant, apres in ((" ;", "\u202f;"), (" :", "\u00a0:"), ("« ", "«\u00a0"), (" »", "\u00a0»"), (" %", "\u00a0%")):
        texte = texte.replace(avant, apres)
    return texte
