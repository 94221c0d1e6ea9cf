"""What the builders of pages share: texts that go with an answer, yes and no, why a question is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..referentiels import Referentiels
from ..referentiels.droit import Regle
from ..rendering.formats import plural
from ..rendering.pourquoi import base_reference
from .faits import Faits
from .modele import Champ, Complement, Option, Pourquoi

OUI, NON = "oui", "non"


@dataclass(frozen=True)
class Chantier:
    """What pages are built from: the content, who answers, what is known of the structure."""

    referentiels: Referentiels
    role: str
    faits: Faits = field(default_factory=Faits)

    def complement(self, nom: Any, texte: str = "", court: bool = False) -> Complement:
        """The text field `nom` (commentaire, preuve, indicateur), worded by the entry `texte` of formulaires.yaml."""
        formulaires = self.referentiels.formulaires
        libelle = formulaires.champs[texte or nom]
        limite = formulaires.limites.texte_court if court else formulaires.limites.texte
        return Complement(nom, libelle.libelle, libelle.aide, limite)

    def texte(self, id_: str) -> str:
        return self.referentiels.formulaires.interface[id_]

    def enonce(self, id_: str, **words: str) -> str:
        return self.referentiels.formulaires.enonces[id_].format(**words)

    def code(self, code: str) -> str:
        return self.referentiels.libelles.code(code)

    def yes_no(self, objet: str, cible: str, mesure: str, **more: Any) -> Champ:
        """A field answered by yes, no or « ne sait pas »."""
        options = (Option(OUI, self.code(OUI)), Option(NON, self.code(NON)))
        return Champ(objet, cible, mesure, "choix", options=options, ne_sait_pas=True, en_ligne=True, **more)

    def why(self, fiche: Iterable[str], regles: Iterable[Regle] | None = None) -> Pourquoi:
        """The ideas of the sheet behind a question, and the rules that serve them with their law."""
        wanted = tuple(fiche)
        linked = list(regles) if regles is not None else self._serving(wanted)
        shown = linked[: self.referentiels.formulaires.limites.regles_citees]
        lines = [self._rule(regle) for regle in shown]
        if rest := len(linked) - len(shown):
            lines.append(self.enonce("autres_regles", regles=plural(rest, "autre règle", "autres règles")))
        return Pourquoi(tuple(self._ideas(wanted)), tuple(lines))

    def _ideas(self, wanted: tuple[str, ...]) -> Iterable[str]:
        for idee in self.referentiels.fiche.idees:
            if idee.id in wanted:
                yield f"{idee.id} : {idee.idee}" + (f" ({idee.note})" if idee.note else "")

    def _serving(self, wanted: tuple[str, ...]) -> list[Regle]:
        return [regle for regle in self.referentiels.regles.regles if set(regle.fiche) & set(wanted)]

    def _rule(self, regle: Regle) -> str:
        """« E13 : … Droit : RGPD, art. 35. », each base with its mark when its text was not read."""
        codes = self.referentiels.libelles.codes
        cited = [base for base in self.referentiels.bases.bases if base.id in regle.bases and base.citable]
        bases = " ; ".join(base_reference(base, codes) for base in cited)
        return f"{regle.id} : {regle.regle}" + (f" {self.enonce('droit', bases=bases)}" if bases else "")
