"""`vigie invite` and `vigie forms`."""

from __future__ import annotations

import argparse
from pathlib import Path

from .arguments import Commands, add_campagne, add_ministry, day, names, positive


def add_invite(commands: Commands) -> None:
    invite = commands.add_parser(
        "invite",
        help="faire les liens personnels vers les formulaires (un CSV à fusionner dans un courriel)",
        description="Fait un lien par personne et par structure, pour tous les formulaires qui la concernent. "
        "Un lien encore valable est redonné tel quel. Le fichier n'est lisible que par vous : "
        "qui a un lien répond à la place de la personne.",
    )
    add_ministry(invite)
    invite.add_argument("--structures", metavar="A,B", type=names, help="seulement ces structures")
    invite.add_argument("--etapes", metavar="maturite,…", type=names, help="seulement ces formulaires")
    invite.add_argument("--roles", metavar="RH,DIR", type=names, help="seulement ces rôles")
    add_campagne(invite)
    invite.add_argument("--jusqu-au", metavar="AAAA-MM-JJ", type=day, help="dernier jour (par défaut : la clôture)")
    invite.add_argument("--adresse", metavar="URL", help="adresse publique du serveur des formulaires")
    invite.add_argument("--sortie", metavar="FICHIER", type=Path, help="où écrire (par défaut : ici)")
    invite.add_argument("--retirer", metavar="N1,N2", type=names, help="retirer ces liens, sans en faire d'autres")
    invite.set_defaults(run=_invite)


def _invite(options: argparse.Namespace) -> int:
    from ..collecte import load_ministere, open_store
    from ..collecte.journal import note
    from ..forms.invitations import ADRESSE, invite, list_links, refuse_shared, withdraw, write_mailing

    charge = load_ministere(options.ministere)
    if options.retirer:
        gone = withdraw(charge, options.retirer)
        print(f"{len(gone)} liens retirés : ils n'ouvrent plus rien." if len(gone) > 1 else "1 lien retiré.")
        return 0
    campagne = charge.campagne(options.campagne or None).id
    path = options.sortie or Path(f"invitations_{charge.ministere.id}_{campagne}.csv")
    refuse_shared(path)
    made = invite(charge, options.structures, options.etapes, options.roles, campagne, options.jusqu_au)
    links = list_links(charge, campagne, options.adresse or ADRESSE)
    note(open_store(charge), "export", f"campagne {campagne}, liens personnels et noms, fichier {path.name}")
    write_mailing(links[links["numero"].isin([one.numero for one in made])], path)
    print(f"{len(made)} liens : {path}")
    return 0


def add_forms(commands: Commands) -> None:
    forms = commands.add_parser(
        "forms",
        help="servir les formulaires aux personnes invitées",
        description="Ouvre le serveur des formulaires d'un ministère, jusqu'à Ctrl-C. Chaque personne y entre par le "
        "lien que donne « vigie invite ».",
    )
    add_ministry(forms)
    forms.add_argument("--port", metavar="N", type=positive, default=8866, help="port (par défaut : 8866)")
    forms.add_argument("--ip", metavar="IP", default="127.0.0.1", help="adresse d'écoute (par défaut : cette machine)")
    forms.add_argument(
        "--derriere-un-proxy",
        action="store_true",
        help="un serveur mandataire reçoit les visites et dit X-Forwarded-Proto et X-Forwarded-For",
    )
    forms.add_argument(
        "--sessions", metavar="N", type=positive, default=60, help="formulaires ouverts à la fois (par défaut : 60)"
    )
    forms.set_defaults(run=_forms)


def _forms(options: argparse.Namespace) -> int:
    from ..collecte.ministere import find_ministere
    from ..server.reglages import Reglages
    from ..server.serveur import serve

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
