"""The procedure to report a misuse of AI: who, how, by which route, within which delay, on which base (5.4)."""

from __future__ import annotations

from collections.abc import Iterator

from ....diagnostics.accompagnement import ResultatAccompagnement
from ....referentiels.gouvernance import Delai, Signalement
from ...pourquoi import confidence_mark
from ...tables import Table, lines
from ..contexte import Contexte
from ..pieces import Piece
from ._commun import plain_table
from ._gouvernance import cited, marked

REGLE_CANAL, REGLE_INCIDENT, REGLE_OUTILS = "E49", "E50", "E38"
"""Rules of the referentiel that the procedure carries out: the channel, the incident, tools not approved."""
OBLIGATOIRE = "obligatoire"


def prepare(resultat: ResultatAccompagnement, contexte: Contexte) -> Iterator[Piece]:
    rules = {regle.id: regle for regle in contexte.referentiels.regles.regles}
    content = contexte.referentiels.gouvernance.signalement
    yield Piece(
        {
            "resultat": resultat,
            "signalement": content,
            "champs": _fields(content),
            "routes": _routes(resultat, contexte),
            "etapes": [
                (step.libelle, step.texte, _delay(step.delai, contexte), cited(" ".join(step.bases), contexte))
                for step in content.etapes
            ],
            "prudences": [
                (caution.texte, cited(" ".join((*caution.bases, *caution.regles)), contexte))
                for caution in content.prudences
            ],
            "indicateurs": [(item.libelle, item.calcul) for item in content.indicateurs],
            "reserves": contexte.referentiels.gouvernance.reserves,
            "canal": rules[REGLE_CANAL],
            "incident": rules[REGLE_INCIDENT],
            "outils": rules[REGLE_OUTILS],
            "bases": cited(" ".join(content.bases), contexte),
        }
    )


def _delay(delay: Delai | None, contexte: Contexte) -> str:
    """A delay in words, with the mark of how it was checked."""
    return f"{delay.texte}{confidence_mark(delay.confiance or '', contexte.codes)}" if delay else ""


def _fields(content: Signalement) -> Table:
    rows = [(field.libelle, field.aide, OBLIGATOIRE if field.obligatoire else "facultatif") for field in content.champs]
    return plain_table("Formulaire de signalement", ("Champ", "Ce qu'on y écrit", "Saisie"), rows)


def _routes(resultat: ResultatAccompagnement, contexte: Contexte) -> Table:
    rows = []
    for line in lines(resultat.routes):
        base = cited(line.base, contexte)
        base = base if "[" in base else marked(base, line.confiance, contexte.codes)
        rows.append((line.nature, contexte.codes.get(line.voie, line.voie), line.destinataire, line.delai, base))
    headers = ("Nature des faits", "Voie", "Destinataire", "Délai", "Base")
    return plain_table("À qui s'adresser, selon la nature des faits", headers, rows)
