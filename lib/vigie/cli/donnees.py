"""`vigie register`, `export`, `purge`, `backup` and `restore`: personal data, and not losing them."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import Anomalie, ParametreInvalide
from .arguments import Commands, add_ministry, day


def add_register(commands: Commands) -> None:
    register = commands.add_parser(
        "register",
        help="préparer la fiche du registre des traitements et la trame d'analyse d'impact",
        description="Écrit, d'après ce que Vigie enregistre réellement, la fiche du registre (RGPD, art. 30) et la "
        "trame d'analyse d'impact (art. 35), à compléter par le délégué à la protection des données.",
    )
    add_ministry(register)
    register.add_argument("--sortie", metavar="DIR", type=Path, default=Path(), help="où écrire (par défaut : ici)")
    register.set_defaults(run=_register)


def _register(options: argparse.Namespace) -> int:
    from ..atomic import write_bytes
    from ..collecte import load_ministere
    from ..referentiels.traitement import read_traitement
    from ..rendering.livrables.registre import make_registre

    charge = load_ministere(options.ministere)
    volumes = (len(charge.structures), len(charge.repondants), len(charge.agents))
    made = make_registre(charge.ministere, charge.campagne(), charge.referentiels, read_traitement(), volumes)
    for name, content in made.items():
        write_bytes(options.sortie / name, content)
        print(options.sortie / name)
    return 0


def add_export(commands: Commands) -> None:
    export = commands.add_parser(
        "export",
        help="remettre à une personne les données qui portent son nom (RGPD, art. 15)",
        description="Écrit un classeur de tout ce qui porte l'identifiant de la personne : fiche, réponses et leurs "
        "corrections, invitations. L'écho et les signalements, anonymes, n'y sont pas : rien ne dit de qui ils sont.",
    )
    add_ministry(export)
    export.add_argument("personne", metavar="PERSONNE", help="identifiant dans repondants.csv ou agents.csv")
    export.add_argument("fichier", metavar="FICHIER", type=Path, help="classeur XLSX à écrire")
    export.set_defaults(run=_export)


def _export(options: argparse.Namespace) -> int:
    from ..atomic import write_bytes
    from ..collecte import load_ministere
    from ..collecte.droits import export_person

    _refuse_existing(options.fichier)
    write_bytes(options.fichier, export_person(load_ministere(options.ministere), options.personne), mode=0o600)
    print(options.fichier)
    return 0


def add_purge(commands: Commands) -> None:
    purge = commands.add_parser(
        "purge",
        help="effacer les données personnelles des campagnes closes",
        description="Efface les réponses des campagnes closes avant la date, les fichiers reçus, les liens expirés, "
        "les signalements et les documents nominatifs. Les résultats des structures restent. Sans --confirmer, dit "
        "seulement ce qui serait effacé.",
    )
    add_ministry(purge)
    purge.add_argument("--avant", metavar="AAAA-MM-JJ", type=day, required=True, help="campagnes closes avant ce jour")
    purge.add_argument("--confirmer", action="store_true", help="effacer vraiment")
    purge.set_defaults(run=_purge)


def _purge(options: argparse.Namespace) -> int:
    from ..collecte import load_ministere
    from ..collecte.purge import plan_purge, purge

    charge = load_ministere(options.ministere)
    print((purge if options.confirmer else plan_purge)(charge, options.avant))
    if options.confirmer:
        print("Effacé. Les fichiers agents.csv et repondants.csv restent à tenir à jour par le ministère.")
    else:
        print("Rien n'est effacé : ajouter --confirmer pour le faire.")
    return 0


def add_backup(commands: Commands) -> None:
    backup = commands.add_parser(
        "backup",
        help="sauvegarder un ministère et ses réponses en un fichier",
        description="Écrit une archive ZIP du dossier du ministère et de ses réponses, que « vigie restore » reprend, "
        "quelle que soit la base. Elle contient des données personnelles.",
    )
    add_ministry(backup)
    backup.add_argument("fichier", metavar="FICHIER", type=Path, help="archive à écrire (.zip)")
    backup.set_defaults(run=_backup)


def _backup(options: argparse.Namespace) -> int:
    from ..collecte import load_ministere
    from ..collecte.sauvegarde import back_up

    rows = back_up(load_ministere(options.ministere), options.fichier)
    print(f"{options.fichier} : {rows} lignes de la base, et le dossier du ministère.")
    return 0


def add_restore(commands: Commands) -> None:
    restore = commands.add_parser(
        "restore",
        help="rétablir une sauvegarde dans un dossier neuf",
        description="Vérifie toute l'archive, puis refait le dossier du ministère et ses réponses. N'écrase rien. "
        "Interrompue, la même commande reprend tout.",
    )
    restore.add_argument("fichier", metavar="FICHIER", type=Path, help="archive faite par « vigie backup »")
    restore.add_argument("dossier", metavar="DOSSIER", type=Path, help="dossier neuf du ministère")
    restore.set_defaults(run=_restore)


def _restore(options: argparse.Namespace) -> int:
    from ..collecte.restauration import restore

    charge = restore(options.fichier, options.dossier.resolve())
    print(
        f"{charge.ministere.nom} est rétabli dans {options.dossier}.",
        "La clé des liens n'est pas dans la sauvegarde : sans VIGIE_CLE, refaites les liens personnels (vigie invite).",
        sep="\n",
    )
    return 0


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise ParametreInvalide(
            [Anomalie("un fichier porte déjà ce nom", "FICHIER", str(path), que_faire="choisir un autre nom")]
        )
