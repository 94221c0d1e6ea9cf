"""Training pooled: sessions worth sharing, people by module, modules to create once (F3-05, F3-06, D.4).

Only what each structure may publish is added up: a masked headcount stays out of the sum, is counted apart, and no
total can be undone to find it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ._ministere_communs import COMMUN, Row, grouped
from ._plan_formation_creations import LIBRE
from .cadres import frame_of
from .chiffres import INCONNU
from .petits_effectifs import MASQUE
from .typographie import spaced

SESSIONS_COMMUNES = {
    "module": "str",
    "titre": "str",
    "site": "str",
    "structures": "int64",
    "sessions": "int64",
    "inscrits": "float64",  # sum of published headcounts, NaN when every one is masked
    "masquees": "int64",  # sessions whose headcount is masked
    "places": "float64",  # of one session, NaN = at any time
    "sessions_ensemble": "float64",  # sessions that would do for all, NaN when it cannot be said
    "partage": "str",  # oui, non or a_verifier
    "motif": "str",
    "ou": "str",  # ids of the structures
}
MODULES_COMMUNS = {
    "module": "str",
    "titre": "str",
    "structures": "int64",
    "sessions": "int64",
    "inscrits": "float64",  # sum of published headcounts, NaN when every one is masked
    "masquees": "int64",
}
CREATIONS_COMMUNES = {
    "demande": "str",
    "competences": "str",
    "structures": "int64",
    "effectif": "float64",  # sum of published headcounts, NaN when every one is masked
    "masquees": "int64",
    "echeance": "str",
    "decisions": "str",
    "ou": "str",
}


def pool_sessions(sessions: Iterable[Row], modules: Iterable[Row]) -> pd.DataFrame:
    """One row a module and a place, the most shared first. Rows: tables `sessions` and `modules` of each plan."""
    titles = {str(row["module"]): str(row["titre"]) for row in modules}
    pooled: list[dict[str, Any]] = []
    for _, group in grouped(({**row, "ou": f"{row['module']} {row['site']}"} for row in sessions), "ou"):
        module = str(group[0]["module"])
        pooled.append({"module": module, "titre": titles.get(module, module), **_shared(group)})
    pooled.sort(key=lambda row: (-row["structures"], row["module"], row["site"]))
    return frame_of(pooled, SESSIONS_COMMUNES)


def pool_modules(places: pd.DataFrame) -> pd.DataFrame:
    """People by module, all places together, the most followed first. `places`: pool_sessions."""
    pooled = [
        {
            "module": group["module"].iloc[0],
            "titre": group["titre"].iloc[0],
            "structures": len({name for names in group["ou"] for name in names.split()}),
            "sessions": int(group["sessions"].sum()),
            "inscrits": group["inscrits"].sum(min_count=1),
            "masquees": int(group["masquees"].sum()),
        }
        for _, group in places.groupby("module")
    ]
    pooled.sort(key=lambda row: (-row["structures"], -row["sessions"], row["module"]))
    return frame_of(pooled, MODULES_COMMUNS)


def pool_requests(rows: Iterable[Row]) -> pd.DataFrame:
    """Modules to create, to adapt or to pool, the most widespread first. Rows: table `creations` of each plan. Requests
    of several structures about the same family of competences are one."""
    asked = [{**row, "famille": _family(row)} for row in rows if row["decision"] != LIBRE]
    pooled: list[dict[str, Any]] = []
    for famille, group in grouped(asked, "famille"):
        known = [row["effectif"] for row in group if row["effectif"] is not None]
        dates = sorted(str(row["echeance"]) for row in group if row["echeance"])
        pooled.append(
            {
                "demande": famille,
                "competences": " ".join(sorted({one for row in group for one in str(row["competences"]).split()})),
                "structures": len(_names(group)),
                "effectif": sum(known) if known else INCONNU,
                "masquees": sum(row["effectif"] is None for row in group),
                "echeance": dates[0] if dates else "",
                "decisions": " ".join(dict.fromkeys(str(row["decision"]) for row in group)),
                "ou": " ".join(_names(group)),
            }
        )
    pooled.sort(key=lambda row: (-row["structures"], row["demande"]))
    return frame_of(pooled, CREATIONS_COMMUNES)


def _shared(group: Sequence[Row]) -> dict[str, Any]:
    names = _names(group)
    shown = [row["inscrits"] for row in group if row["etat"] != MASQUE and row["inscrits"] is not None]
    masked = len(group) - len(shown)
    sizes = {row["places"] for row in group}
    places = sizes.pop() if len(sizes) == 1 else None
    together = math.ceil(sum(shown) / places) if places and not masked else None
    partage, motif = _verdict(len(names), len(group), masked, places, together)
    return {
        "site": str(group[0]["site"]),
        "structures": len(names),
        "sessions": len(group),
        "inscrits": sum(shown) if shown else INCONNU,
        "masquees": masked,
        "places": INCONNU if places is None else places,
        "sessions_ensemble": INCONNU if together is None else together,
        "partage": partage,
        "motif": spaced(motif),
        "ou": " ".join(names),
    }


def _verdict(structures: int, sessions: int, masked: int, places: Any, together: int | None) -> tuple[str, str]:
    if structures < COMMUN:
        return "non", "une seule structure"
    if places is None:
        return "non", "à suivre à tout moment : une inscription groupée suffit"
    if together is None:
        return "a_verifier", "des effectifs masqués : à rapprocher entre services de formation"
    if together < sessions:
        return "oui", f"{together} au lieu de {sessions}, à places égales"
    return "non", "les sessions sont déjà pleines"


def _names(group: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({str(row["structure"]) for row in group})


def _family(row: Row) -> str:
    """« E » for CRE-E and MUT-E: requests are named by family of competences."""
    return str(row["demande"]).rpartition("-")[2]
