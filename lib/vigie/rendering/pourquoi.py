"""The chain behind a recommendation, folded under it: answers, items, competences, risks, rules, law, sheet.

Each id is followed by its text, so that the reader need not open another document. A base that was not read in the
text itself says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from ..diagnostics.resultat import Pourquoi
from ..referentiels import Referentiels
from ..referentiels.base import Confiance
from ..referentiels.droit import Base
from .droit import article_text
from .formats import enumerate_words, plural
from .html import Content, definitions, element, folded, join, unordered

ANSWERS_SHOWN = 12
"""Beyond this number of answers only their count is written; the ids stay in resultats.json."""


class Explainer:
    """Writes chains with the texts of one set of referentiels."""

    def __init__(self, referentiels: Referentiels) -> None:
        codes = referentiels.libelles.codes
        self.pilotes: Mapping[str, str] = {role.id: role.libelle for role in referentiels.maturite.roles}
        self._texts: dict[str, Mapping[str, str]] = {
            "items": {
                **{key: item.enonce for key, item in referentiels.maturite.items.items()},
                **{item.id: item.enonce for item in referentiels.maturite.echo.items},
            },
            "competences": {entry.id: entry.libelle for entry in referentiels.competences.competences},
            "risques": {risque.id: risque.libelle for risque in referentiels.risques.risques},
            "regles": {regle.id: regle.regle for regle in referentiels.regles.regles},
            "bases": {base.id: base_reference(base, codes) for base in referentiels.bases.bases},
            "modules": {module.id: module.libelle for module in referentiels.formations.modules},
            "fiche": {idee.id: idee.idee for idee in referentiels.fiche.idees},
        }

    def why(self, pourquoi: Pourquoi) -> Markup:
        """The folded block of one recommendation, with the version of each referentiel it stands on."""
        chain = (
            ("Réponses", _answers(pourquoi.reponses)),
            ("Items du questionnaire", self.named("items", pourquoi.items)),
            ("Compétences", self.named("competences", pourquoi.competences)),
            ("Risques", self.named("risques", pourquoi.risques)),
            ("Règles d'éthique", self.named("regles", pourquoi.regles)),
            ("Bases juridiques", self.named("bases", pourquoi.bases)),
            ("Modules de formation", self.named("modules", pourquoi.modules)),
            ("Idées de la fiche n° 3", self.named("fiche", pourquoi.fiche)),
        )
        pairs = [(label, unordered(lines)) for label, lines in chain if lines]
        body: list[Content] = [element("p", pourquoi.explication), definitions(pairs, class_="vg-chaine")]
        if pourquoi.versions:
            versions = ", ".join(f"{name.replace('_', ' ')} {version}" for name, version in pourquoi.versions.items())
            body.append(element("p", f"Référentiels : {versions}.", class_="vg-note"))
        return folded("Pourquoi ?", *body, class_="vg-pourquoi")

    def named(self, kind: str, ids: Iterable[str]) -> list[Content]:
        """Each id in bold, followed by its text when the referentiels hold one."""
        texts = self._texts.get(kind, {})
        return [join([element("strong", key), f" {texts[key]}"]) if key in texts else key for key in ids]


def base_reference(base: Base, labels: Mapping[str, str]) -> str:
    """« RGPD, art. 35 », with its confidence mark when the text itself was not read."""
    article = article_text(base.article, base.texte)
    return f"{base.texte}{', ' if article else ''}{article}{confidence_mark(base.confiance, labels)}"


def confidence_mark(confiance: str, labels: Mapping[str, str]) -> str:
    """« [source secondaire, à vérifier] »; nothing when the text was read."""
    if confiance in ("", Confiance.TEXTE):
        return ""
    label = labels.get(str(confiance), str(confiance))
    return f" [{label[:1].lower()}{label[1:]}]"


def _answers(ids: Iterable[int]) -> list[Content]:
    numbers = [str(identifier) for identifier in ids]
    if not numbers:
        return []
    if len(numbers) > ANSWERS_SHOWN:
        return [f"{plural(len(numbers), 'réponse')} (numéros dans resultats.json)"]
    return [f"{'n° ' if len(numbers) == 1 else 'nos '}{enumerate_words(numbers)}"]
