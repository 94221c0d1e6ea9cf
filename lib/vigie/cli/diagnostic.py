"""`vigie check` and `vigie batch`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..errors import ReferentielInvalide
from .arguments import Commands, add_campagne, add_ministry, ministry, names, positive


def add_check(commands: Commands) -> None:
    check = commands.add_parser(
        "check",
        help="vérifier les référentiels, les paramètres et les données",
        description="Vérifie tout et signale toutes les anomalies à la fois. Rien n'est modifié.",
    )
    check.add_argument(
        "ministere", nargs="?", metavar="MINISTERE", type=ministry, help="à vérifier aussi, avec ses réponses reçues"
    )
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    from ..collecte import check_ministere, load_ministere
    from ..referentiels import load_referentiels
    from ..referentiels.coherence import check_coherence

    charge = load_ministere(options.ministere) if options.ministere else None
    referentiels = charge.referentiels if charge else load_referentiels()
    if anomalies := check_coherence(referentiels):
        raise ReferentielInvalide(anomalies)
    print(f"Référentiels : {len(referentiels.versions)} fichiers vérifiés, aucune anomalie.")
    if charge:
        print(*check_ministere(options.ministere), sep="\n")
    return 0


def add_batch(commands: Commands) -> None:
    batch = commands.add_parser(
        "batch",
        help="diagnostiquer toutes les structures d'un ministère, puis le ministère",
        description="Exécute les carnets de chaque structure, puis ceux du ministère, et écrit index.html, "
        "manifeste.json et, par structure, les rapports et resultats.json. "
        "Relancée, la commande n'exécute que ce qui a changé ou échoué.",
    )
    add_ministry(batch)
    batch.add_argument("--structures", metavar="A,B", type=names, help="seulement ces structures")
    batch.add_argument("--etapes", metavar="maturite,…", type=names, help="seulement ces étapes")
    add_campagne(batch)
    batch.add_argument("--workers", metavar="N", type=positive, help="nombre de processus (par défaut : les cœurs)")
    batch.add_argument("--scheduler", metavar="ADRESSE", help="ordonnanceur Dask (tcp://…) au lieu de processus locaux")
    batch.add_argument(
        "--sortie",
        metavar="DIR",
        help="dossier des résultats (par défaut : resultats/), ou adresse d'un stockage où les déposer (s3://…)",
    )
    batch.add_argument("--force", action="store_true", help="tout exécuter, même ce qui n'a pas changé")
    batch.set_defaults(run=_batch)


def _batch(options: argparse.Namespace) -> int:
    from ..batch import run_batch
    from ..batch.pool import stop_workers
    from ..batch.publication import is_address, open_storage, publish
    from ..collecte import load_ministere

    adresse = options.sortie if options.sortie and is_address(options.sortie) else ""
    if adresse:
        load_ministere(options.ministere)
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
        from ..collecte import load_ministere, open_store
        from ..collecte.journal import note

        # what stands before « @ » may be a password
        objet = f"résultats déposés à l'adresse {adresse.rpartition('@')[2]}"
        note(open_store(load_ministere(options.ministere)), "export", objet)
        print(f"{publish(bilan.folder, adresse)} fichiers déposés à l'adresse {adresse}.")
    return bilan.exit_code
