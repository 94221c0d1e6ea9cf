"""Writes fictional ministries: the demonstration, byte for byte the same each time, and large ones for benchmarks.

    python params/ministeres/fabrique.py demonstration
    python params/ministeres/fabrique.py --structures 1000 --dossier DIR [--graine N] [--agents-par-structure N]

The work is done in _fabrique/; the demonstration is described in _fabrique/demonstration.yaml.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from _fabrique.contenu import load_contenu, load_scenario  # noqa: E402
from _fabrique.dossier import write_ministere  # noqa: E402
from _fabrique.grand import draw_scenario  # noqa: E402
from vigie.errors import VigieError  # noqa: E402

DEMONSTRATION = "demonstration"


def write_demonstration(dossier: Path | None = None) -> list[Path]:
    """Rewrites the demonstration, here unless a folder is given."""
    return write_ministere(load_contenu(), load_scenario(DEMONSTRATION), dossier or HERE / DEMONSTRATION)


def write_large(dossier: Path, structures: int, graine: int, agents_par_structure: int) -> list[Path]:
    """Writes a ministry of any size into `dossier`, whose name gives its id."""
    contenu = load_contenu()
    modele = load_scenario(DEMONSTRATION)
    identifiant = re.sub(r"[^a-z0-9]+", "-", dossier.name.lower())[:40].strip("-") or "banc-d-essai"
    scenario = draw_scenario(contenu, modele, identifiant, structures, agents_par_structure, graine)
    return write_ministere(contenu, scenario, dossier, un_fichier=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    if not options.ministere and not (options.structures and options.dossier):
        parser.error("donnez « demonstration », ou bien --structures et --dossier")
    try:
        if options.ministere == DEMONSTRATION:
            ecrits = write_demonstration()
        else:
            ecrits = write_large(
                options.dossier.resolve(), options.structures, options.graine, options.agents_par_structure
            )
    except VigieError as erreur:
        print(erreur, file=sys.stderr)
        return erreur.exit_code
    poids = sum(path.stat().st_size for path in ecrits)
    print(f"{len(ecrits)} fichiers écrits, {poids / 1e6:.1f} Mo".replace(".", ","))
    if (ecrits[-1].parent / "collecte.sqlite").exists():
        print("collecte.sqlite garde les réponses des fichiers d'avant : supprimez-le pour repartir de ceux-ci.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="fabrique.py", description="Fabrique des ministères fictifs, toujours les mêmes pour une même graine."
    )
    parser.add_argument(
        "ministere", nargs="?", choices=[DEMONSTRATION], help="réécrit le ministère de démonstration du dépôt"
    )
    parser.add_argument("--structures", type=_positive, help="nombre de structures d'un grand ministère fictif")
    parser.add_argument("--dossier", type=Path, help="dossier où l'écrire ; son nom devient l'identifiant du ministère")
    parser.add_argument("--graine", type=int, default=1, help="graine du tirage (1 par défaut)")
    parser.add_argument(
        "--agents-par-structure", type=_positive, default=40, help="effectif moyen d'une structure (40 par défaut)"
    )
    return parser


def _positive(texte: str) -> int:
    nombre = int(texte)
    if nombre < 1:
        raise argparse.ArgumentTypeError("un nombre entier d'au moins 1 est attendu")
    return nombre


if __name__ == "__main__":
    sys.exit(main())
