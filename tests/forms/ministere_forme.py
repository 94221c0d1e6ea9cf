"""A small fictional ministry with people enough to answer every form, written where a test wants it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from vigie.collecte import MinistereCharge, load_ministere, open_store
from vigie.forms.demande import Demande

from tests.collecte.ministere_essai import CAMPAGNE, FICHIERS, write_ministere

STRUCTURE = "drh"
REPONDANTS = FICHIERS["repondants.csv"] + "".join(
    f"drh;{id_};{role};Personne fictive;Fonction fictive\n"
    for id_, role in (("man1", "MAN"), ("ag1", "AG"), ("rh9", "RH"), ("rp1", "RP"))
)
INVENTAIRE = """\
structure;repondant;role;etape;objet;cible;mesure;etat;valeur;commentaire;preuve;indicateur;date
drh;num1;NUM;risques_ethique;U04;statut;inventaire;;pilote;Outil fictif;;;2026-11-10
"""


def write_forme(folder: Path) -> Path:
    return write_ministere(folder, repondants=REPONDANTS)


def charge_forme(folder: Path) -> MinistereCharge:
    return load_ministere(write_forme(folder))


def demande(ministere: Path, etape: str, role: str = "", repondant: str = "") -> Demande:
    """Someone of the structure before a form of the ministry in that folder."""
    return Demande(str(ministere), STRUCTURE, etape, role, repondant)


def reponses(ministere: Path) -> pd.DataFrame:
    """What the store holds now for the structure: dossier.REPONSES."""
    return open_store(load_ministere(ministere)).answers(CAMPAGNE, STRUCTURE)
