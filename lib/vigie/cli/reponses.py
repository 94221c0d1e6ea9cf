"""`vigie workbook` and `vigie import`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import Commands, add_campagne, add_ministry, ministry

if TYPE_CHECKING:
    from ..collecte import MinistereCharge

FORMATS_ENQUETE = {"xlsform": ".xlsx", "limesurvey": ".txt"}
"""Formats of other survey tools, with the suffix they ask for."""


def add_workbook(commands: Commands) -> None:
    workbook = commands.add_parser(
        "workbook",
        help="préparer les questionnaires hors ligne d'une structure, ou pour un autre outil d'enquête",
        description="Écrit un classeur XLSX par personne à interroger, avec ses réponses déjà connues ; ou, pour un "
        "outil d'enquête, un questionnaire par rôle et celui de l'écho anonyme : XLSForm (ODK, KoboToolbox) ou "
        "LimeSurvey. Les réponses, ou leur export par l'outil, se relisent avec « vigie import ».",
    )
    add_ministry(workbook)
    workbook.add_argument("structure", metavar="STRUCTURE", help="identifiant de la structure")
    workbook.add_argument("--role", metavar="ROLE", default="", help="seulement ce rôle (DIR, RH, FOR…)")
    workbook.add_argument(
        "--format", choices=("xlsx", *FORMATS_ENQUETE), default="xlsx", help="classeur (xlsx), xlsform ou limesurvey"
    )
    add_campagne(workbook)
    workbook.add_argument("--sortie", metavar="DIR", type=Path, default=Path(), help="où écrire (par défaut : ici)")
    workbook.set_defaults(run=_workbook)


def _workbook(options: argparse.Namespace) -> int:
    from ..atomic import write_bytes
    from ..collecte import load_ministere, open_dossier, open_store
    from ..collecte.classeur import make_workbook, respondents
    from ..collecte.journal import note

    charge = load_ministere(options.ministere)
    if options.format in FORMATS_ENQUETE:
        return _surveys(charge, options)
    people = respondents(charge, options.structure, options.role)
    reponses = open_dossier(charge, options.structure, options.campagne).reponses
    objet = f"structure {options.structure}, questionnaires hors ligne de : {', '.join(people['id'])}"
    note(open_store(charge), "export", objet)
    for person in people.to_dict("records"):
        path = options.sortie / f"{options.structure}_{person['role']}_{person['id']}.xlsx"
        write_bytes(path, make_workbook(charge, dict(person), reponses))
        print(path)
    return 0


def _surveys(charge: MinistereCharge, options: argparse.Namespace) -> int:
    from ..atomic import write_bytes
    from ..forms.enquete import list_enquetes
    from ..forms.limesurvey import make_limesurvey
    from ..forms.xlsform import make_xlsform

    make = {"xlsform": make_xlsform, "limesurvey": make_limesurvey}[options.format]
    made = [(enquete.nom, make(enquete)) for enquete in list_enquetes(charge, options.structure, options.role)]
    for nom, content in made:
        path = options.sortie / f"{nom}_{options.format}{FORMATS_ENQUETE[options.format]}"
        write_bytes(path, content)
        print(path)
    return 0


def add_import(commands: Commands) -> None:
    receive = commands.add_parser(
        "import",
        help="enregistrer des réponses reçues (CSV ou XLSX)",
        description="Vérifie chaque fichier en entier avant d'enregistrer quoi que ce soit. "
        "Importer deux fois le même fichier ne change rien ; une réponse corrigée remplace l'ancienne, qui est gardée.",
    )
    receive.add_argument(
        "fichiers",
        nargs="+",
        metavar="FICHIER",
        type=Path,
        help="CSV long, CSV large, classeur ou export d'un outil d'enquête",
    )
    receive.add_argument(
        "--ministere",
        metavar="MINISTERE",
        type=ministry,
        default="",
        help="si les fichiers ne suffisent pas à le dire",
    )
    add_campagne(receive)
    receive.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from ..collecte import import_files

    for line in import_files(options.ministere, options.fichiers, options.campagne):
        print(line)
    return 0
