"""What the reader must see of each dimension and of the opening of a tool, with stable codes.

PREALABLE · OUVERTURE_POSSIBLE · SANS_REPONSE · NON_CONCLUANT · PLAFOND · PREUVE · FORCAGE · FORCAGE_SANS_MOTIF ·
CIBLE_TROP_HAUTE · CIBLE_PAR_ETAPES · CIBLE_BASSE · DECIDEURS_AGENTS · PEU_VISIBLE

Those of items are in `_maturite_constats_items`, those of the écho and of participation in `_maturite_constats_echo`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ._maturite_analyse import Analyse, PrealableVerifie
from ._maturite_dimensions import DimensionCotee
from ._maturite_lecture import ceiling_sentence, evidence, named, state, title
from ._maturite_regards import Regard
from ._maturite_reponses import Decision
from .chiffres import decimal, figure, known, over, percent, score, under
from .phrases import count, long_date
from .resultat import Constat
from .typographie import lower_first, quoted, spaced


def said(code: str, texte: str, gravite: str, *cibles: str) -> Constat:
    return Constat(code, spaced(texte), gravite, cibles)


def say_opening(analyse: Analyse) -> Constat:
    """A.7: whether a tool may open; « ne pas ouvrir encore » names each missing condition with its figures."""
    total, missing = len(analyse.prealables), analyse.unfilled
    if not missing:
        lines = " ; ".join(_condition(check) for check in analyse.prealables)
        texte = f"Les {total} préalables à l'ouverture d'un outil sont remplis : {lines}."
        return said("OUVERTURE_POSSIBLE", texte, "information", *(check.item.id for check in analyse.prealables))
    verb = "n'est pas rempli" if len(missing) == 1 else "ne sont pas remplis"
    number = count(len(missing), "préalable")
    lines = " ; ".join(_condition(check) for check in missing)
    texte = f"Ne pas ouvrir encore : {number} sur {total} {verb}, à savoir : {lines}.{_opening_date(analyse)}"
    return said("PREALABLE", texte, "alerte", *(check.item.id for check in missing))


def say_dimensions(analyse: Analyse) -> Iterator[Constat]:
    for dimension, regard in zip(analyse.dimensions, analyse.regards, strict=True):
        yield from _say_coverage(dimension, analyse)
        yield from _say_level(dimension, analyse)
        yield from _say_target(dimension, analyse)
        yield from _say_views(regard, analyse)


def _condition(check: PrealableVerifie) -> str:
    lack = f", {evidence(check.item)}" if evidence(check.item) else ""
    seuil = figure(check.prealable.seuil)
    return f"{lower_first(check.prealable.motif)} ({check.item.id}, {state(check.item)}{lack}, attendu {seuil})"


def _opening_date(analyse: Analyse) -> str:
    day = analyse.dossier.structure.mise_en_service
    if day is None:
        return ""
    if day <= analyse.dossier.campagne.date_reference:
        return f" L'outil est pourtant en service depuis le {long_date(day)}."
    return f" L'ouverture est annoncée pour le {long_date(day)}."


def _say_coverage(dimension: DimensionCotee, analyse: Analyse) -> Iterator[Constat]:
    if dimension.etat == "sans_reponse":
        names = ", ".join(item.id for item in dimension.missing)
        reason = f" À renseigner : {names}." if names else " Tous ses items sont sans objet ou masqués."
        texte = f"{title(dimension)} : aucun item n'est coté, donc ni score ni niveau.{reason}"
        yield said("SANS_REPONSE", texte, "attention", dimension.id, *(item.id for item in dimension.missing))
    elif dimension.etat == "partiel":
        minimum = analyse.cotation.couverture_minimale
        socles = [item for item in dimension.items if item.item.type == "socle" and not item.rated]
        lack = "".join(f" L'item socle {item.id} est {state(item)}." for item in socles)
        covered = f"{percent(dimension.couverture, minimum)} du poids coté, {percent(minimum)} attendus"
        bounds = f"fourchette {score(dimension.score_bas)} à {score(dimension.score_haut)}"
        texte = (
            f"{title(dimension)} : non concluant, aucun niveau affiché ({covered}). "
            f"Score sur les réponses connues {score(dimension.score)}, {bounds}.{lack}"
        )
        todo = " ; ".join(f"{named(item)}, {state(item)}" for item in dimension.missing)
        texte += f" À renseigner : {todo}." if todo else ""
        yield said("NON_CONCLUANT", texte, "attention", dimension.id, *(item.id for item in dimension.missing))


def _say_level(dimension: DimensionCotee, analyse: Analyse) -> Iterator[Constat]:
    if dimension.plafonds:
        texte = f"{title(dimension)} : {ceiling_sentence(dimension, analyse.cotation.marge_cle)}."
        yield said("PLAFOND", texte, "attention", dimension.id, *(item.id for item in dimension.plafonds))
    held = [item for item in dimension.items if item.plafond]
    if held:
        lines = " ; ".join(f"{named(item)} : {evidence(item)}" for item in held)
        texte = f"{title(dimension)} : {count(len(held), 'item plafonné', 'items plafonnés')} par la preuve. {lines}."
        yield said("PREUVE", texte, "information", dimension.id, *(item.id for item in held))
    if dimension.forcage:
        yield _say_override(dimension, dimension.forcage)
    if dimension.id in analyse.forcages_sans_motif:
        texte = f"{title(dimension)} : un forçage sans motif écrit a été reçu ; il n'est pas appliqué."
        yield said("FORCAGE_SANS_MOTIF", texte, "attention", dimension.id)


def _say_override(dimension: DimensionCotee, forcage: Decision) -> Constat:
    forced = figure(forcage.valeur)
    several = f" ({forcage.nombre} forçages reçus, le dernier retenu)" if forcage.nombre > 1 else ""
    if known(dimension.niveau_calcule):
        computed = figure(dimension.niveau_calcule)
        texte = f"{title(dimension)} : niveau calculé {computed}, niveau retenu {forced} par forçage{several}. "
    else:
        texte = (
            f"{title(dimension)} : forçage au niveau {forced} reçu{several}, non appliqué, "
            "car un forçage ne remplace pas les réponses manquantes. "
        )
    return said("FORCAGE", f"{texte}Motif : {quoted(forcage.motif)}.", "attention", dimension.id)


def _say_target(dimension: DimensionCotee, analyse: Analyse) -> Iterator[Constat]:
    cible, months = dimension.cible, analyse.cotation.cible_horizon_mois
    step = analyse.cotation.cible_progression_maximale
    if cible.lowered:
        texte = (
            f"{title(dimension)} : la cible retenue {figure(cible.retenue)} dépasse le niveau "
            f"{figure(dimension.niveau)} de plus de {step} ; l'écart est "
            f"calculé pour {figure(cible.valeur)}, atteignable à {months} mois."
        )
        yield said("CIBLE_TROP_HAUTE", texte, "attention", dimension.id)
    elif over(cible.valeur, dimension.niveau + step):
        texte = (
            f"{title(dimension)} : la cible conseillée {figure(cible.valeur)} dépasse le niveau "
            f"{figure(dimension.niveau)} de plus de {step} ; elle demande deux étapes, la première à "
            f"{figure(dimension.niveau + step)} sous {months} mois."
        )
        yield said("CIBLE_PAR_ETAPES", texte, "information", dimension.id)
    if under(cible.retenue, cible.conseillee):
        texte = (
            f"{title(dimension)} : la cible retenue {figure(cible.retenue)} est sous la cible minimale conseillée "
            f"{figure(cible.conseillee)} pour la situation de la structure."
        )
        yield said("CIBLE_BASSE", texte, "attention", dimension.id)


def _say_views(regard: Regard, analyse: Analyse) -> Iterator[Constat]:
    name = title(regard.dimension)
    if regard.signale:
        texte = (
            f"{name} : les décideurs cotent {figure(regard.mediane_decideurs)} en médiane, les agents et leurs "
            f"encadrants {figure(regard.mediane_agents)}, soit un écart de {figure(regard.ecart)} sur "
            f"{count(len(regard.communs), 'item')} coté{'s' if len(regard.communs) > 1 else ''} par les deux "
            f"({', '.join(regard.communs)})."
        )
        yield said("DECIDEURS_AGENTS", texte, "attention", regard.dimension.id, *regard.communs)
    if regard.peu_visible:
        echoes = [item for item in analyse.echo.items if item.dimension == regard.dimension.id and item.publie]
        texte = (
            f"{name} : dispositif peu visible des agents. Valeur moyenne déclarée {score(regard.declare)}, médiane de "
            f"l'écho {figure(regard.vecu)} ({', '.join(item.item for item in echoes)}), écart "
            f"{decimal(regard.ecart_vecu, 1, analyse.cotation.ecart_vecu)}."
        )
        yield said("PEU_VISIBLE", texte, "attention", regard.dimension.id, *(item.item for item in echoes))
