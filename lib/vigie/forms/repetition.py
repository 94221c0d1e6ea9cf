"""A rehearsal of every form for people who do not exist: what is only made once is then shared by the kernels forked.

What a first visit writes on (caches of frames, of SQL, of classes) would otherwise be copied by each visitor's kernel.
The store is only read, for a structure that has no answer; no connection stays open.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pandas as pd

from ..collecte import MinistereCharge
from ..collecte.formulaire import rehearse_change
from ..collecte.reponses import controle_of
from ..referentiels.ministere import Structure
from .demande import AGENT, Demande, may_open
from .seance import Seance

STRUCTURE = "repetition"
AGENTS = ("", "AG-0")
"""Nobody (the forms that are anonymous), and an agent."""


def rehearse(charge: MinistereCharge) -> None:
    """Open each form as each role sees it. Raises EntreeInvalide when the store cannot be had."""
    controle_of(charge)
    invented = _with_invented_people(charge)
    etapes = dict.fromkeys(one.etape for one in charge.referentiels.formulaires.formulaires)
    people = [*((id_, AGENT) for id_ in AGENTS), *((f"{role}-0", role) for role in charge.mesures.roles)]
    for etape, (repondant, role) in product(etapes, people):
        demande = Demande(str(charge.chemin), STRUCTURE, etape, role, repondant)
        if may_open(demande, invented):
            seance = Seance(invented, demande)
            seance.receive({"t": "ouvrir"})
            rehearse_change(seance.store)


def _with_invented_people(charge: MinistereCharge) -> MinistereCharge:
    structure = Structure(id=STRUCTURE, nom="Répétition", type="", situation="c", effectif=1)
    people = [{"structure": STRUCTURE, "id": f"{role}-0", "role": role} for role in charge.mesures.roles]
    agent = {"structure": STRUCTURE, "id": AGENTS[-1]}
    return replace(
        charge,
        structures={STRUCTURE: structure},
        repondants=_frame(people, charge.repondants),
        agents=_frame([agent], charge.agents),
    )


def _frame(rows: list[dict[str, str]], like: pd.DataFrame) -> pd.DataFrame:
    """Rows with the columns and types of another frame; what is not said is empty."""
    return pd.DataFrame(rows).reindex(columns=like.columns, fill_value="").astype(like.dtypes.to_dict())
