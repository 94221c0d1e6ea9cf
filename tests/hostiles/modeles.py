"""The good files that mutations start from, on the small ministry of tests/collecte/ministere_essai.py."""

from __future__ import annotations

from vigie.paths import params_dir

from tests.collecte.ministere_essai import FICHIERS, accord, long_csv, niveau


def _rows(text: str) -> list[list[str]]:
    return [line.split(";") for line in text.splitlines()]


_AGENT = {"structure": "drh", "repondant": "AG1", "role": "AG", "etape": "competences", "cible": "A1", "mesure": "auto"}
LONG = _rows(
    long_csv(
        niveau("rh1", "RH", "D1.1", "4", commentaire="une remarque", preuve="une note", indicateur="12"),
        niveau("rh1", "RH", "D2.1", "NSP"),
        niveau("rh2", "RH", "D1.1", "2", structure="centre-sud"),
        accord("M1", "4"),
        accord("M2", "2", commentaire="un mot"),
        {**_AGENT, "valeur": "2"},
    )
)
LARGE = _rows("""\
structure;repondant;role;date;D1.1;D1.1_commentaire;D1.3;D2.1;D2.1_preuve
drh;rh1;RH;2026-11-20;4;une remarque;;3;une note
centre-sud;rh2;RH;;2;;;NSP;
""")
EXPORT = _rows("""\
id;submitdate;lastpage;startlanguage;seed;structure;role;etape;mesure;M1;M2;M3[comment]
1;2026-11-20 10:00:00;2;fr;12;drh;AG;maturite;accord;4. D'accord;2;
2;2026-11-21 10:00:00;2;fr;13;drh;AG;maturite;accord;1;N/A;un mot
""")
REPONSES = (LONG, LARGE, EXPORT)
CATALOGUE = """\
id;libelle;competences;duree_presence_h;modalites;mois;places;cout_session;structures
L-lire-un-resultat;Lire un résultat;A1:0>2, B1:1>2;3,5;presentiel;2027-01;12;800;drh
"""
TABLES = {
    **{name: _rows(text) for name, text in FICHIERS.items() if name.endswith(".csv")},
    "catalogue.csv": _rows(CATALOGUE),
}
PARAMETRES = {
    "ministere.yaml": FICHIERS["ministere.yaml"],
    "formation_contraintes.yaml": """\
budget: 15000
sessions_par_mois: 6
mois_fermes: ["2027-08"]
structures:
  drh: {budget: 30000, heures_par_agent: 12}
recherches:
  - gisement: campus
    date: 2026-10-12
    resultat: rien
    competences: [A2, A4]
""",
}
REFERENTIELS = {
    f"referentiels/{path.name}": path.read_text(encoding="utf-8")
    for path in sorted((params_dir() / "referentiels").glob("*.yaml"))
}
"""A ministry's own: one whole file that replaces ours."""
