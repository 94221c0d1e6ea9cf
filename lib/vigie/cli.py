"""The `vigie` command.

Exit 0: all done; 1: some structures failed, the others are complete; 2: bad input, nothing started.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__
from .errors import ReferentielInvalide, VigieError
from .francais import FrenchParser

if TYPE_CHECKING:
    from .collecte import MinistereCharge

FORMATS_ENQUETE = {"xlsform": ".xlsx", "limesurvey": ".txt"}
"""Formats of other survey tools, with the suffix they ask for."""
INTERROMPU = 130
"""Exit code of a command stopped by Ctrl-C, as shells give it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except VigieError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print(
            "\nInterrompu. Ce qui était terminé est conservé ; relancer la même commande reprend la suite.",
            file=sys.stderr,
        )
        return INTERROMPU
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = FrenchParser(
        prog="vigie",
        description="Diagnostiquer, former, accompagner : l'IA dans la GRH publique, selon la fiche n° 3 de la DGAFP.",
        epilog="MINISTERE est un identifiant de params/ministeres/ ou le chemin d'un dossier. "
        "Codes de retour : 0 tout est fait ; 1 des structures ont échoué, les autres sont complètes ; "
        "2 entrée invalide, rien n'a été commencé.",
    )
    parser.add_argument("--version", action="version", help="afficher la version", version=f"vigie {__version__}")
    commands = parser.add_subparsers(title="commandes", dest="commande", required=True, metavar="COMMANDE")
    _add_check(commands)
    _add_batch(commands)
    _add_workbook(commands)
    _add_import(commands)
    _add_invite(commands)
    _add_forms(commands)
    return parser


def _add_check(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    check = commands.add_parser(
        "check",
        help="vérifier les référentiels, les paramètres et les données",
        description="Vérifie tout et signale toutes les anomalies à la fois. Rien n'est modifié.",
    )
    check.add_argument(
        "ministere", nargs="?", metavar="MINISTERE", type=_ministry, help="à vérifier aussi, avec ses réponses reçues"
    )
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from .collecte import check_ministere, load_ministere
    from .referentiels import load_referentiels
    from .referentiels.coherence import check_coherence

    charge = load_ministere(options.ministere) if options.ministere else None
    referentiels = charge.referentiels if charge else load_referentiels()
    if anomalies := check_coherence(referentiels):
        raise ReferentielInvalide(anomalies)
    print(f"Référentiels : {len(referentiels.versions)} fichiers vérifiés, aucune anomalie.")
    if charge:
        print(*check_ministere(options.ministere), sep="\n")
    return 0


def _add_batch(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    batch = commands.add_parser(
        "batch",
        help="diagnostiquer toutes les structures d'un ministère, puis le ministère",
        description="Exécute les carnets de chaque structure, puis ceux du ministère, et écrit index.html, "
        "manifeste.json et, par structure, les rapports et resultats.json. "
        "Relancée, la commande n'exécute que ce qui a changé ou échoué.",
    )
    batch.add_argument("ministere", metavar="MINISTERE", type=_ministry, help="identifiant ou dossier du ministère")
    batch.add_argument("--structures", metavar="A,B", type=_names, help="seulement ces structures")
    batch.add_argument("--etapes", metavar="maturite,…", type=_names, help="seulement ces étapes")
    batch.add_argument("--campagne", metavar="ID", default="", help="campagne (par défaut : la campagne courante)")
    batch.add_argument("--workers", metavar="N", type=_positive, help="nombre de processus (par défaut : les cœurs)")
    batch.add_argument("--scheduler", metavar="ADRESSE", help="ordonnanceur Dask (tcp://…) au lieu de processus locaux")
    batch.add_argument(
        "--sortie",
        metavar="DIR",
        help="dossier des résultats (par défaut : resultats/), ou adresse d'un stockage où les déposer (s3://…)",
    )
    batch.add_argument("--force", action="store_true", help="tout exécuter, même ce qui n'a pas changé")
    batch.set_defaults(run=_batch)


def _batch(options: argparse.Namespace) -> int:
    from .batch import run_batch
    from .batch.pool import stop_workers
    from .batch.publication import is_address, open_storage, publish

    adresse = options.sortie if options.sortie and is_address(options.sortie) else ""
    if adresse:
        open_storage(adresse)
    try:
        bilan = run_batch(
            options.ministere,
            structures=options.structures,
            etapes=options.etapes,
            campagne=options.campagne,
            workers=options.workers,
            scheduler=options.scheduler,
            sortie=Path(options.sortie) if options.sortie and not adresse else None,
            force=options.force,
            progress=sys.stderr.isatty() or "CI" not in os.environ,
        )
    except KeyboardInterrupt:
        stop_workers()
        raise
    par_statut = {statut: sum(line.statut == statut for line in bilan.executions) for statut in ("ok", "cache")}
    print(
        f"{par_statut['ok']} carnets exécutés, {par_statut['cache']} inchangés, {len(bilan.echecs)} en échec.",
        *(f"  échec : {line.structure or 'ministère'} · {line.etape} : {line.erreur}" for line in bilan.echecs),
        f"À ouvrir : {bilan.folder / 'index.html'}",
        sep="\n",
    )
    if adresse:
        print(f"{publish(bilan.folder, adresse)} fichiers déposés à l'adresse {adresse}.")
    return bilan.exit_code


def _add_workbook(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    workbook = commands.add_parser(
        "workbook",
        help="préparer les questionnaires hors ligne d'une structure, ou pour un autre outil d'enquête",
        description="Écrit un classeur XLSX par personne à interroger, avec ses réponses déjà connues ; ou, pour un "
        "outil d'enquête, un questionnaire par rôle et celui de l'écho anonyme : XLSForm (ODK, KoboToolbox) ou "
        "LimeSurvey. Les réponses, ou leur export par l'outil, se relisent avec « vigie import ».",
    )
    workbook.add_argument("ministere", metavar="MINISTERE", type=_ministry, help="identifiant ou dossier du ministère")
    workbook.add_argument("structure", metavar="STRUCTURE", help="identifiant de la structure")
    workbook.add_argument("--role", metavar="ROLE", default="", help="seulement ce rôle (DIR, RH, FOR…)")
    workbook.add_argument(
        "--format", choices=("xlsx", *FORMATS_ENQUETE), default="xlsx", help="classeur (xlsx), xlsform ou limesurvey"
    )
    workbook.add_argument("--campagne", metavar="ID", default="", help="campagne (par défaut : la campagne courante)")
    workbook.add_argument("--sortie", metavar="DIR", type=Path, default=Path(), help="où écrire (par défaut : ici)")
    workbook.set_defaults(run=_workbook)


def _workbook(options: argparse.Namespace) -> int:
    from .atomic import write_bytes
    from .collecte import load_ministere, open_dossier
    from .collecte.classeur import make_workbook, respondents

    charge = load_ministere(options.ministere)
    if options.format in FORMATS_ENQUETE:
        return _surveys(charge, options)
    people = respondents(charge, options.structure, options.role)
    reponses = open_dossier(charge, options.structure, options.campagne).reponses
    for person in people.to_dict("records"):
        path = options.sortie / f"{options.structure}_{person['role']}_{person['id']}.xlsx"
        write_bytes(path, make_workbook(charge, dict(person), reponses))
        print(path)
    return 0


def _surveys(charge: MinistereCharge, options: argparse.Namespace) -> int:
    from .atomic import write_bytes
    from .forms.enquete import list_enquetes
    from .forms.limesurvey import make_limesurvey
    from .forms.xlsform import make_xlsform

    make = {"xlsform": make_xlsform, "limesurvey": make_limesurvey}[options.format]
    made = [(enquete.nom, make(enquete)) for enquete in list_enquetes(charge, options.structure, options.role)]
    for nom, content in made:
        path = options.sortie / f"{nom}_{options.format}{FORMATS_ENQUETE[options.format]}"
        write_bytes(path, content)
        print(path)
    return 0


def _add_import(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    receive = commands.add_parser(
        "import",
        help="enregistrer des réponses reçues (CSV ou XLSX)",
        description="Vérifie chaque fichier en entier avant d'enregistrer quoi que ce soit. "
        "Importer deux fois le même fichier ne change rien ; une réponse corrigée remplace l'ancienne, qui est gardée.",
    )
    receive.add_argument("fichiers", nargs="+", metavar="FICHIER", type=Path, help="CSV long, CSV large ou classeur")
    receive.add_argument(
        "--ministere",
        metavar="MINISTERE",
        type=_ministry,
        default="",
        help="si les fichiers ne suffisent pas à le dire",
    )
    receive.add_argument("--campagne", metavar="ID", default="", help="campagne (par défaut : la campagne courante)")
    receive.set_defaults(run=_import)


def _import(options: argparse.Namespace) -> int:
    from .collecte import import_files

    for line in import_files(options.ministere, options.fichiers, options.campagne):
        print(line)
    return 0


def _add_invite(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    invite = commands.add_parser(
        "invite",
        help="faire les liens personnels vers les formulaires (un CSV à fusionner dans un courriel)",
        description="Fait un lien par personne et par structure, pour tous les formulaires qui la concernent. "
        "Un lien encore valable est redonné tel quel. Le fichier n'est lisible que par vous : "
        "qui a un lien répond à la place de la personne.",
    )
    invite.add_argument("ministere", metavar="MINISTERE", type=_ministry, help="identifiant ou dossier du ministère")
    invite.add_argument("--structures", metavar="A,B", type=_names, help="seulement ces structures")
    invite.add_argument("--etapes", metavar="maturite,…", type=_names, help="seulement ces formulaires")
    invite.add_argument("--roles", metavar="RH,DIR", type=_names, help="seulement ces rôles")
    invite.add_argument("--campagne", metavar="ID", default="", help="campagne (par défaut : la campagne courante)")
    invite.add_argument("--jusqu-au", metavar="AAAA-MM-JJ", type=_day, help="dernier jour (par défaut : la clôture)")
    invite.add_argument("--adresse", metavar="URL", help="adresse publique du serveur des formulaires")
    invite.add_argument("--sortie", metavar="FICHIER", type=Path, help="où écrire (par défaut : ici)")
    invite.add_argument("--retirer", metavar="N1,N2", type=_names, help="retirer ces liens, sans en faire d'autres")
    invite.set_defaults(run=_invite)


def _invite(options: argparse.Namespace) -> int:
    from .collecte import load_ministere
    from .forms.invitations import ADRESSE, invite, list_links, withdraw, write_mailing

    charge = load_ministere(options.ministere)
    if options.retirer:
        gone = withdraw(charge, options.retirer)
        print(f"{len(gone)} liens retirés : ils n'ouvrent plus rien." if len(gone) > 1 else "1 lien retiré.")
        return 0
    campagne = charge.campagne(options.campagne or None).id
    path = options.sortie or Path(f"invitations_{charge.ministere.id}_{campagne}.csv")
    made = invite(charge, options.structures, options.etapes, options.roles, campagne, options.jusqu_au)
    links = list_links(charge, campagne, options.adresse or ADRESSE)
    write_mailing(links[links["numero"].isin([one.numero for one in made])], path)
    print(f"{len(made)} liens : {path}")
    return 0


def _add_forms(commands: argparse._SubParsersAction[FrenchParser]) -> None:
    forms = commands.add_parser(
        "forms",
        help="servir les formulaires aux personnes invitées",
        description="Ouvre le serveur des formulaires d'un ministère, jusqu'à Ctrl-C. Chaque personne y entre par le "
        "lien que donne « vigie invite ».",
    )
    forms.add_argument("ministere", metavar="MINISTERE", type=_ministry, help="identifiant ou dossier du ministère")
    forms.add_argument("--port", metavar="N", type=_positive, default=8866, help="port (par défaut : 8866)")
    forms.add_argument("--ip", metavar="IP", default="127.0.0.1", help="adresse d'écoute (par défaut : cette machine)")
    forms.add_argument(
        "--derriere-un-proxy",
        action="store_true",
        help="un serveur mandataire reçoit les visites et dit X-Forwarded-Proto et X-Forwarded-For",
    )
    forms.add_argument(
        "--sessions", metavar="N", type=_positive, default=60, help="formulaires ouverts à la fois (par défaut : 60)"
    )
    forms.set_defaults(run=_forms)


def _forms(options: argparse.Namespace) -> int:
    from .collecte.ministere import find_ministere
    from .server.reglages import Reglages
    from .server.serveur import serve

    serve(
        Reglages(
            ministere=find_ministere(options.ministere),
            ip=options.ip,
            port=options.port,
            derriere=options.derriere_un_proxy,
            sessions=options.sessions,
        )
    )
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un jour, comme 2026-12-31") from error


def _ministry(text: str) -> str:
    """An id as it is; a folder by its full path, so that « ../mon-ministere » may be typed."""
    return str(Path(text).resolve()) if text and Path(text).is_dir() else text


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names:
        raise argparse.ArgumentTypeError("une liste séparée par des virgules est attendue")
    return names


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un nombre entier positif")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
