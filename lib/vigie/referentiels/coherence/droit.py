"""Law, risks, rules, method and use cases: what they say of one another agrees."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from ...errors import Anomalie
from ..base import Confiance

if TYPE_CHECKING:
    from .. import Referentiels
    from ..base import ValeurDatee


def check_bases_used(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A base is cited by a rule, or says why not (`libre`), or must not be cited (`citable: non`)."""
    citees = {id_ for regle in referentiels.regles.regles for id_ in regle.bases}
    for base in referentiels.bases.bases:
        ou = f"bases_juridiques.yaml, {base.id}"
        if base.id in citees and not base.citable:
            citantes = [regle.id for regle in referentiels.regles.regles if base.id in regle.bases]
            yield Anomalie(
                f"la base « {base.id} » ne doit pas être citée",
                ou,
                ", ".join(citantes),
                "aucune règle qui la cite",
                "retirez-la des règles",
            )
        elif base.id in citees and base.libre:
            yield Anomalie(
                f"la base « {base.id} » est citée par une règle et dite libre",
                ou,
                base.libre,
                "l'un ou l'autre",
                "retirez la clé « libre »",
            )
        elif base.id not in citees and base.citable and not base.libre:
            yield Anomalie(
                f"aucune règle ne cite la base « {base.id} »",
                ou,
                "",
                "une règle qui la cite, ou la clé « libre » qui dit pourquoi",
                "citez-la dans regles.yaml ou remplissez « libre »",
            )


def check_dates(referentiels: Referentiels) -> Iterator[Anomalie]:
    """Dated values run forward in time, none was verified before it was published or after the file's version."""
    fin = _end_of_version(referentiels.bases.version)
    for base in referentiels.bases.bases:
        ou = f"bases_juridiques.yaml, {base.id}"
        if not base.application:
            yield Anomalie(
                f"la base « {base.id} » n'a aucune date d'application", ou, "", "au moins une date", "ajoutez-la"
            )
        yield from _out_of_order(base.id, ou, base.application)
        for valeur in base.application:
            de_memoire = valeur.confiance is Confiance.MEMOIRE
            if de_memoire and valeur.verifie_le:
                yield _date(base.id, ou, f"vérifié le {valeur.verifie_le}", "rien, pour ce qui est cité de mémoire")
            if valeur.verifie_le is None:
                if not de_memoire:
                    yield _date(base.id, ou, "verifie_le vide", "le jour où le texte a été lu")
                continue
            if valeur.publie and valeur.publie > valeur.verifie_le:
                yield _date(
                    base.id, ou, f"vérifié le {valeur.verifie_le}", f"pas avant sa publication, {valeur.publie}"
                )
            if fin and valeur.verifie_le > fin:
                yield _date(base.id, ou, f"vérifié le {valeur.verifie_le}", f"pas après la version du fichier, {fin}")


def _out_of_order(id_: str, ou: str, valeurs: Sequence[ValeurDatee]) -> Iterator[Anomalie]:
    for avant, apres in pairwise(valeurs):
        if avant.en_vigueur and apres.en_vigueur and avant.en_vigueur >= apres.en_vigueur:
            lu = f"{avant.en_vigueur}, puis {apres.en_vigueur}"
            yield _date(id_, ou, lu, "des dates d'application de la plus ancienne à la plus récente")


def check_rules_and_risks_agree(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A risk and a rule name each other, and no risk is without a rule."""
    regles = {regle.id: regle for regle in referentiels.regles.regles}
    risques = {risque.id: risque for risque in referentiels.risques.risques}
    for risque in risques.values():
        if not risque.regles:
            yield _link("risques.yaml", risque.id, "regles", "", "au moins une règle qui réduit ce risque")
        for id_ in risque.regles:
            if id_ in regles and risque.id not in regles[id_].risques:
                yield _link("regles.yaml", id_, "risques", ", ".join(regles[id_].risques), f"{risque.id} parmi eux")
    for regle in regles.values():
        for id_ in regle.risques:
            if id_ in risques and regle.id not in risques[id_].regles:
                yield _link("risques.yaml", id_, "regles", ", ".join(risques[id_].regles), f"{regle.id} parmi elles")


def check_rule_duties(referentiels: Referentiels) -> Iterator[Anomalie]:
    """A duty rests on a binding base; a future duty says when it is due; a mixed rule says what is law and what is
    not; a rule has a trigger."""
    forces = {base.id: base.force for base in referentiels.bases.bases}
    for regle in referentiels.regles.regles:
        ou = f"regles.yaml, {regle.id}"
        if regle.caractere != "bonne_pratique" and "contraignant" not in {forces.get(id_) for id_ in regle.bases}:
            yield Anomalie(
                f"la règle « {regle.id} » est dite {regle.caractere} sans base contraignante",
                ou,
                ", ".join(regle.bases),
                "au moins une base dont la force est « contraignant »",
                "citez cette base ou changez le caractère",
            )
        if regle.caractere == "obligatoire_a_terme" and regle.echeance is None:
            yield Anomalie(
                f"la règle « {regle.id} » est obligatoire à terme sans échéance",
                ou,
                "",
                "une date sous « echeance »",
                "ajoutez la date à laquelle l'obligation s'appliquera",
            )
        if regle.caractere == "mixte" and not regle.note:
            yield Anomalie(
                f"la règle « {regle.id} » est mixte sans note",
                ou,
                "",
                "une note qui sépare le socle légal de l'exigence plus stricte",
                "ajoutez la clé « note »",
            )
        if not regle.declencheur:
            yield Anomalie(
                f"la règle « {regle.id} » n'a pas de déclencheur", ou, "", "au moins un déclencheur", "ajoutez-le"
            )


def check_method(referentiels: Referentiels) -> Iterator[Anomalie]:
    """The matrix never falls as severity or likelihood rises, and every scale is complete."""
    methode = referentiels.methode
    niveaux = [niveau.niveau for niveau in methode.niveaux]
    for cle, lus in (
        ("gravite", list(methode.gravite)),
        ("vraisemblance", list(methode.vraisemblance)),
        ("matrice", list(methode.matrice)),
        ("niveaux", niveaux),
    ):
        if lus != [1, 2, 3, 4]:
            yield _setting(cle, lus, "les degrés 1, 2, 3, 4, dans l'ordre")
    lignes = [methode.matrice[gravite] for gravite in sorted(methode.matrice)]
    croissante = all(bas <= haut for suite in (*lignes, *zip(*lignes, strict=True)) for bas, haut in pairwise(suite))
    if not croissante:
        yield _setting("matrice", lignes, "un niveau qui ne baisse jamais quand gravité ou vraisemblance montent")
    if not {niveau for ligne in lignes for niveau in ligne} <= set(niveaux):
        yield _setting("matrice", lignes, "des niveaux déclarés sous « niveaux »")
    if not methode.niveau_p4 <= methode.niveau_p3 <= methode.niveau_p1_p2:
        yield _setting("niveau_p3", methode.niveau_p3, "entre « niveau_p4 » et « niveau_p1_p2 »")
    if methode.reduction_v_partielle > methode.reduction_v_totale:
        yield _setting("reduction_v_partielle", methode.reduction_v_partielle, "au plus « reduction_v_totale »")
    if methode.plancher_residuel not in niveaux:
        yield _setting("plancher_residuel", methode.plancher_residuel, "un niveau déclaré sous « niveaux »")
    classes = [classe.id for classe in methode.classes]
    if classes != sorted(classes):
        yield _setting("classes", classes, "les classes de la plus pressante à la moins pressante")


def check_cases_counted(referentiels: Referentiels) -> Iterator[Anomalie]:
    """The use cases known by name are no more than those counted, in all and for each status."""
    cas = referentiels.cas_usages
    somme = sum(cas.repartition.values())
    if somme != cas.total:
        yield _count("repartition", somme, f"une somme égale à « total », {cas.total}")
    connus = Counter(usage.statut for usage in cas.cas_usage)
    for statut, nombre in connus.items():
        if nombre > cas.repartition.get(statut, 0):
            yield _count(statut, nombre, f"au plus {cas.repartition.get(statut, 0)} cas connus")


def _end_of_version(version: str) -> date | None:
    """Last day of the month of a version such as « 2026.11 »; None for another form of version."""
    lue = re.match(r"(\d{4})\.(0[1-9]|1[0-2])\b", version)
    if not lue:
        return None
    premier = date(int(lue[1]), int(lue[2]), 1)
    return (premier + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _date(id_: str, ou: str, valeur: str, attendu: str) -> Anomalie:
    return Anomalie(f"les dates de la base « {id_} » se contredisent", ou, valeur, attendu, "corrigez ces dates")


def _link(fichier: str, porteur: str, cle: str, valeur: str, attendu: str) -> Anomalie:
    return Anomalie(
        f"« {cle} » de « {porteur} » ne répond pas à l'autre fichier",
        f"{fichier}, {porteur}",
        valeur,
        attendu,
        "ajoutez le renvoi manquant, ou retirez-le de l'autre fichier",
    )


def _setting(cle: str, valeur: object, attendu: str) -> Anomalie:
    ou = f"methode_risques.yaml, {cle}"
    return Anomalie(f"le réglage « {cle} » est incohérent", ou, str(valeur), attendu, "corrigez ce réglage")


def _count(cle: str, valeur: int, attendu: str) -> Anomalie:
    ou = f"cas_usage.yaml, {cle}"
    return Anomalie(f"le compte de « {cle} » est incohérent", ou, str(valeur), attendu, "corrigez ce compte")
