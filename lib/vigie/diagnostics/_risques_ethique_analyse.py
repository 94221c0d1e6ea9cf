"""The calculation of the etape, once, as values: frames, constats and recommandations are all read from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..dossier import Dossier
from ..referentiels.droit import Base, Regle
from ._risques_ethique_cas import Cas, read_cases, whole_structure
from ._risques_ethique_cotation import FORCAGE, GRAVITE, VRAISEMBLANCE, Cotation, rate_case, rate_risk
from ._risques_ethique_droit import cited_bases
from ._risques_ethique_referentiel import ReferentielExistant, read_referentiel
from ._risques_ethique_regles import RegleAppliquee, apply_rules, read_proofs
from ._risques_ethique_reponses import ETAPE, STRUCTURE, Reponses, read_answers
from ._risques_ethique_residuel import Residuel, residual


@dataclass(frozen=True)
class Examen:
    """One case examined: its rated risks, each with its residual, and its applicable rules in order."""

    cas: Cas
    risques: tuple[tuple[Cotation, Residuel], ...]
    regles: tuple[RegleAppliquee, ...]

    @property
    def cotations(self) -> tuple[Cotation, ...]:
        return tuple(cotation for cotation, _ in self.risques)

    @property
    def linked_risks(self) -> tuple[str, ...]:
        """Risks that the applicable rules treat, sorted."""
        return tuple(sorted({risque for item in self.regles for risque in item.regle.risques}))


@dataclass(frozen=True)
class Analyse:
    """Everything calculated for one structure. `examens` holds the whole structure last, when it is examined."""

    dossier: Dossier
    reponses: Reponses
    cas: tuple[Cas, ...]
    examens: tuple[Examen, ...]
    existant: ReferentielExistant

    @cached_property
    def regles(self) -> dict[str, Regle]:
        """Applicable rules of any case, by id."""
        found = {item.regle.id: item.regle for examen in self.examens for item in examen.regles}
        return dict(sorted(found.items()))

    @cached_property
    def cited(self) -> dict[str, tuple[Base, tuple[str, ...]]]:
        return cited_bases(self.regles.values(), self.dossier.referentiels.bases)


def analyse(dossier: Dossier) -> Analyse:
    """Sets aside, rates, aggravates, orders and checks every case (4.2)."""
    reponses = read_answers(dossier.answers(ETAPE))
    cas = read_cases(reponses, dossier.referentiels)
    examined = [item for item in cas if item.actif or item.interdit]
    if _structure_examined(cas, reponses):
        examined.append(whole_structure(reponses, dossier.referentiels))
    examens = tuple(_examine(item, dossier, reponses) for item in examined)
    applicable = {item.regle.id: item.regle for examen in examens for item in examen.regles}
    return Analyse(dossier, reponses, cas, examens, read_referentiel(applicable.values(), reponses))


def _structure_examined(cas: tuple[Cas, ...], reponses: Reponses) -> bool:
    """The structure is examined by itself when no case is active, or when someone rated risks for all of it."""
    rated = reponses.targets(STRUCTURE, GRAVITE, VRAISEMBLANCE, FORCAGE)
    return bool(rated) or not any(item.actif for item in cas)


def _examine(cas: Cas, dossier: Dossier, reponses: Reponses) -> Examen:
    referentiels = dossier.referentiels
    cotations = () if cas.interdit else rate_case(cas, reponses, referentiels)
    sans_projet = referentiels.methode.risque_sans_projet
    if cas.id == STRUCTURE and sans_projet not in {item.risque for item in cotations}:
        cotations = (rate_risk(cas, sans_projet, reponses, referentiels.methode), *cotations)
    appliquees = apply_rules(
        cas,
        cotations,
        read_proofs(cas.id, reponses, referentiels.regles),
        referentiels,
        dossier.campagne.date_reference,
    )
    residuels = tuple((item, residual(item, appliquees, referentiels.methode)) for item in cotations)
    return Examen(cas, residuels, appliquees)
