"""The record of processing (RGPD, art. 30) and the outline of the impact assessment (art. 35), as one document.

They come from params/traitement.yaml, which a test holds to the real schema, not from a diagnosis.
"""

from __future__ import annotations

from ...paths import templates_dir
from ...referentiels import Referentiels
from ...referentiels.ministere import Campagne, Ministere
from ...referentiels.traitement import Traitement
from ..droit import article_text, short_text
from ..formats import capitalize, long_date, plural
from ..tables import Table
from .contexte import FICTIF
from .conversion import Source, convert
from .documents._commun import plain_table
from .gabarits import fill_text
from .references.identite import Identite
from .textes import clean, one_line

NOM = "registre_traitement"
FORMATS = ("docx", "odt", "pdf")
IMPACT = "RGPD-35"
A_COMPLETER = "[à compléter]"


def make_registre(
    ministere: Ministere,
    campagne: Campagne,
    referentiels: Referentiels,
    traitement: Traitement,
    volumes: tuple[int, int, int],
) -> dict[str, bytes]:
    """File name → content. `volumes`: structures, respondents, agents. Raises ConversionError."""
    structures, repondants, agents = volumes
    donnees = {
        "t": traitement,
        "bases": [_cited(referentiels, base) for base in traitement.bases],
        "impact_base": _cited(referentiels, IMPACT),
        "structures": plural(structures, "structure"),
        "repondants": plural(repondants, "personne interrogée", "personnes interrogées"),
        "agents": plural(agents, "agent"),
        "categories": _categories(traitement),
        "droits": plain_table(
            "Comment chaque droit s'exerce",
            ("Droit", "Comment"),
            [(one.droit, capitalize(one.comment)) for one in traitement.droits],
        ),
        "questions": plain_table(
            "Ce qui peut rendre une analyse d'impact nécessaire",
            ("Question", "Constat", "Avis du délégué"),
            [(one.question, one.constat, A_COMPLETER) for one in traitement.impact.questions],
        ),
        "risques": plain_table(
            "Risques, mesures en place et cotation",
            ("Risque", "Effets possibles", "Mesures en place", "Gravité", "Vraisemblance"),
            [
                (one.risque, capitalize(one.effets), capitalize(one.mesures), A_COMPLETER, A_COMPLETER)
                for one in traitement.impact.risques
            ],
        ),
        "colonnes": _columns(traitement),
    }
    text = (templates_dir() / "registre" / f"{NOM}.md").read_text(encoding="utf-8")
    source = Source(NOM, fill_text(text, donnees), _identity(ministere, campagne, traitement), FORMATS)
    return convert([source], campagne.date_reference)


def _identity(ministere: Ministere, campagne: Campagne, traitement: Traitement) -> Identite:
    return Identite(
        titre="Registre des traitements et trame d’analyse d’impact",
        ministere=one_line(clean(ministere.nom)),
        structure="Ensemble des structures",
        periode=f"Situation au {long_date(campagne.date_reference)}",
        etat="PROJET, non validé",
        soustitre=one_line(clean(traitement.nom)),
        fictif=FICTIF if ministere.fictif else "",
        court="Registre et analyse d’impact",
    )


def _cited(referentiels: Referentiels, base: str) -> str:
    """« RGPD, art. 35 »."""
    found = next(one for one in referentiels.bases.bases if one.id == base)
    return f"{short_text(found.texte)}, {article_text(found.article, found.texte)}"


def _categories(traitement: Traitement) -> Table:
    rows = [
        (
            one.libelle,
            capitalize(one.nature),
            capitalize(one.pourquoi),
            capitalize(one.conservation),
            capitalize(one.effacement),
        )
        for one in traitement.categories
    ]
    headers = ("Catégorie", "Nature", "Pourquoi", "Conservation", "Effacement")
    return plain_table("Données traitées", headers, rows)


def _columns(traitement: Traitement) -> Table:
    rows = [
        (one.libelle, place, ", ".join(columns))
        for one in traitement.categories
        for place, columns in one.donnees.items()
    ]
    return plain_table(
        "Colonnes de la base et des fichiers de personnes", ("Catégorie", "Table ou fichier", "Colonnes"), rows
    )
