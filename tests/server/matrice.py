"""Who may do what on the forms' server, as one reads it; the test tries every box.

After the sheet: the direction validates (F3-34), the training service chooses modules (F3-05), RH, legal and digital
services rate risks and write rules (F3-12), the structure looks first for rules already written (F3-11), every role
says how ready the structure is, staff representatives with the same knowledge as the others (F3-35), each agent is
heard (F3-23), and anyone may report a misuse (F3-14), without a name.
"""

from __future__ import annotations

ETAPES = """
qui         maturite  competences  risques_ethique  plan_formation  validation  signalement  accompagnement  inconnue
DIR         maturite  -            risques_ethique  -               validation  -            -               -
RH          maturite  -            risques_ethique  -               -           -            -               -
FOR         maturite  -            risques_ethique  plan_formation  -           -            -               -
NUM         maturite  exposition   risques_ethique  -               -           -            -               -
JUR         maturite  -            risques_ethique  -               -           -            -               -
SF          maturite  -            risques_ethique  -               -           -            -               -
MAN         maturite  exposition   risques_ethique  -               -           -            -               -
RP          maturite  -            risques_ethique  -               -           -            -               -
AG          maturite  exposition   risques_ethique  -               -           -            -               -
agent       maturite  competences  risques_ethique  -               -           -            -               -
ATELIER     -         -            risques_ethique  -               -           -            -               -
CONSULTANT  -         -            risques_ethique  -               -           -            -               -
anonyme     echo      -            -                -               -           signalement  -               -
"""
"""The form that each one's link opens, for their own structure. For another structure: none."""

VERBES = """
forme            lire  relire  enregistrer  envoyer  remettre  restituer
maturite         oui   oui     oui          oui      -         oui
competences      oui   oui     oui          oui      -         oui
exposition       oui   oui     oui          oui      -         oui
risques_ethique  oui   oui     oui          oui      -         oui
plan_formation   oui   oui     oui          oui      -         -
validation       oui   oui     oui          oui      -         -
echo             oui   oui     -            -        oui       -
signalement      oui   oui     -            -        oui       -
"""
"""What an open form takes. To save on plan_formation is to choose modules; on validation, to sign. What is anonymous is
handed over whole: it keeps nothing before, and reads nothing back."""

RISQUES = """
qui         usages  cotations  regles  referentiel
DIR         oui     -          -       oui
RH          oui     oui        oui     oui
FOR         oui     -          -       -
NUM         oui     oui        oui     -
JUR         oui     oui        oui     oui
SF          oui     -          -       -
MAN         oui     -          -       -
RP          oui     -          -       -
AG          oui     -          -       -
agent       oui     -          -       -
ATELIER     oui     -          -       -
CONSULTANT  oui     -          -       -
"""
"""What each one is asked in the form of risks: uses that exist, ratings, rules already held, a référentiel already
written. Nothing else may be written through it."""

Grille = dict[str, dict[str, str]]


def read_grid(texte: str) -> Grille:
    """Row → column → box, « - » as ""."""
    titre, *lignes = (ligne.split() for ligne in texte.strip().splitlines())
    return {
        nom: dict(zip(titre[1:], ("" if case == "-" else case for case in cases), strict=True))
        for nom, *cases in lignes
    }
