"""The `vigie` command.

Exit 0: all done; 1: some structures failed, the others are complete; 2: bad input, nothing started, or a machine that
refuses to write, what was done being kept.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import EcritureImpossible, VigieError, printable
from ..francais import FrenchParser
from .diagnostic import add_batch, add_check
from .donnees import add_backup, add_export, add_purge, add_register, add_restore
from .formulaires import add_forms, add_invite
from .reponses import add_import, add_workbook

INTERROMPU = 130
"""Exit code of a command stopped by Ctrl-C, as shells give it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the command."""
    if getattr(sys.stdout, "errors", "") == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a path may be no text
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except VigieError as error:
        print(printable(str(error)), file=sys.stderr)
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
    except OSError as error:
        refus = EcritureImpossible(error)
        print(printable(str(refus)), file=sys.stderr)
        return refus.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = FrenchParser(
        prog="vigie",
        description="Diagnostiquer, former, accompagner : l'IA dans la GRH publique, selon la fiche n° 3 de la DGAFP.",
        epilog="MINISTERE est un identifiant de params/ministeres/ ou le chemin d'un dossier. "
        "Codes de retour : 0 tout est fait ; 1 des structures ont échoué, les autres sont complètes ; "
        "2 entrée invalide, rien n'a été commencé ; ou écriture refusée par la machine, ce qui est fait reste.",
    )
    parser.add_argument("--version", action="version", help="afficher la version", version=f"vigie {__version__}")
    commands = parser.add_subparsers(title="commandes", dest="commande", required=True, metavar="COMMANDE")
    add_check(commands)
    add_batch(commands)
    add_workbook(commands)
    add_import(commands)
    add_invite(commands)
    add_forms(commands)
    add_register(commands)
    add_export(commands)
    add_purge(commands)
    add_backup(commands)
    add_restore(commands)
    return parser
