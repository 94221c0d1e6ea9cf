"""The months of a plan, and how many of them are left before each agent must be trained (F3-28, D.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ..dossier import Dossier
from ..referentiels.parcours_formation import CalendrierPlan
from ._plan_formation_offre import Offre


@dataclass(frozen=True, eq=False)
class Calendrier:
    """T months from the one that follows the day of the diagnosis. `ouverts`: M × T, months with sessions of a module.

    `sessions_par_mois`: None without a bound.
    """

    mois: tuple[str, ...]
    ouverts: np.ndarray
    sessions_par_mois: int | None


def plan_calendar(dossier: Dossier, offre: Offre) -> Calendrier:
    regle = dossier.referentiels.parcours_formation.calendrier
    contraintes = dossier.contraintes
    mois = plan_months(dossier.campagne.date_reference, regle.horizon_mois)
    ouverts = [
        [(not dits or nom in dits) and nom not in contraintes.mois_fermes for nom in mois] for dits in offre.mois
    ]
    table = np.array(ouverts, dtype=bool).reshape(len(offre), len(mois))
    return Calendrier(mois, table, contraintes.sessions_par_mois)


def plan_months(reference: date, horizon: int) -> tuple[str, ...]:
    """« 2026-12 », « 2027-01 »… `horizon` of them."""
    premier = pd.Period(reference, freq="M") + 1
    return tuple(str(premier + rang) for rang in range(horizon))


def deadlines(ouvertures: pd.Series, regle: CalendrierPlan) -> pd.Series:
    """The day by which each agent is trained: `avance_mois` months before their tool opens; NaT without a date."""
    return pd.Series(ouvertures - pd.DateOffset(months=regle.avance_mois), index=ouvertures.index)


def months_left(limites: pd.Series, mois: tuple[str, ...], regle: CalendrierPlan) -> tuple[np.ndarray, np.ndarray]:
    """(number of months usable, late), one value an agent.

    A month is usable when the deadline is not before its day `jour_limite`. Without a deadline every month is. When not
    one is left before the deadline the agent is late: every month is usable, and the plan says so.
    """
    jours = pd.to_datetime([f"{nom}-{regle.jour_limite:02d}" for nom in mois]).to_numpy()
    usable = (jours[None, :] <= limites.to_numpy()[:, None]).sum(axis=1)
    dated = limites.notna().to_numpy(dtype=bool)
    late = dated & (usable == 0)
    return np.where(dated & ~late, usable, len(mois)), late
