"""A small fictional ministry, written where a test wants it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from vigie.collecte import MinistereCharge, Store, load_ministere
from vigie.collecte.schema import echos, urne

CAMPAGNE = "2026-automne"
LONGUES = "structure;repondant;role;etape;objet;cible;mesure;etat;valeur;commentaire;preuve;indicateur;date"
FICHIERS = {
    "ministere.yaml": """\
id: essai
nom: Ministère d'essai (fictif)
fictif: oui
campagne: 2026-automne
campagnes:
  - id: 2026-automne
    libelle: Automne 2026
    date_reference: "2026-11-24"
  - id: 2027-printemps
    libelle: Printemps 2027
    date_reference: "2027-05-03"
""",
    "structures.csv": """\
id;nom;type;situation;effectif;site;mise_en_service
drh;Direction des ressources humaines (fictive);centrale;b;120;Paris;
centre-sud;Centre de services du Sud (fictif);centre de services;d;45;Lyon;15/03/2027
""",
    "agents.csv": """\
structure;id;metier;publics;categorie;site;sexe;mise_en_service
drh;AG1;MET01;;B;Paris;F;
drh;AG2;MET02;MP;A;Paris;H;2027-03-15
centre-sud;AG3;MET01;;C;Lyon;F;
""",
    "repondants.csv": """\
structure;id;role;nom;fonction
drh;rh1;RH;Personne fictive;Cheffe de service
drh;for1;FOR;Personne fictive;Responsable de la formation
drh;dir1;DIR;Personne fictive;Directeur
drh;num1;NUM;Personne fictive;Responsable numérique
drh;jur1;JUR;Personne fictive;Juriste
drh;atelier;ATELIER;Personne fictive;Anime l'atelier
drh;conseil;CONSULTANT;Personne fictive;Consultante
centre-sud;rh2;RH;Personne fictive;Chef de service
centre-sud;for2;FOR;Personne fictive;Responsable de la formation
""",
    "cibles.csv": "structure;dimension;cible;date;decision\ndrh;D3;3;2026-11-20;Comité de direction\n",
    "validations.csv": "structure;etape;livrable;etat;date;par\ndrh;maturite;;validé;20/11/2026;La directrice\n",
}
DEUX_CAMPAGNES = """\
id: essai
nom: Ministère d'essai (fictif)
fictif: oui
campagne: 2027-printemps
campagnes:
  - {id: 2026-automne, libelle: Automne 2026, date_reference: "2026-11-24", cloture: "2026-12-18"}
  - {id: 2027-printemps, libelle: Printemps 2027, date_reference: "2027-05-03"}
"""
"""A ministry whose first campagne is closed."""


def write_ministere(folder: Path, **fichiers: str) -> Path:
    """Writes the ministry; `fichiers` replaces the content of some files (structures="…" for structures.csv)."""
    (folder / "reponses").mkdir(parents=True)
    for name, content in FICHIERS.items():
        (folder / name).write_text(fichiers.get(name.split(".")[0], content), encoding="utf-8")
    return folder


def charge_in(folder: Path, **fichiers: str) -> MinistereCharge:
    return load_ministere(write_ministere(folder, **fichiers))


def long_csv(*lines: Mapping[str, str] | str) -> str:
    """A long file. A line is a mapping (columns left out are empty) or its text."""
    names = LONGUES.split(";")
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, delimiter=";", lineterminator="\n", restval="")
    writer.writeheader()
    for line in lines:
        writer.writerow(line if isinstance(line, Mapping) else dict(zip(names, line.split(";"), strict=False)))
    return stream.getvalue()


def niveau(repondant: str, role: str, cible: str, valeur: str, structure: str = "drh", **more: str) -> dict[str, str]:
    """One answer to the maturity questionnaire, as a line of a long file."""
    return {
        "structure": structure,
        "repondant": repondant,
        "role": role,
        "etape": "maturite",
        "cible": cible,
        "mesure": "niveau",
        "valeur": valeur,
        **more,
    }


def accord(cible: str, valeur: str, structure: str = "drh", **more: str) -> dict[str, str]:
    """One anonymous answer to the écho."""
    return {
        "structure": structure,
        "role": "AG",
        "etape": "maturite",
        "cible": cible,
        "mesure": "accord",
        "valeur": valeur,
        **more,
    }


def anonymous_rows(store: Store) -> list[dict[str, Any]]:
    """Every anonymous answer of the store, waiting in the urn or published, in the order of each table."""
    with store.engine.connect() as connection:
        return [
            {**row, "table": table.name}
            for table in (urne, echos)
            for row in connection.execute(select(table).order_by(table.c.id)).mappings()
        ]


def receive(charge: MinistereCharge, name: str, lines: Iterable[Mapping[str, str] | str] | str) -> Path:
    """Puts a file in reponses/: a long one from its lines, or any text."""
    path = charge.chemin / "reponses" / name
    path.write_text(lines if isinstance(lines, str) else long_csv(*lines), encoding="utf-8")
    return path
