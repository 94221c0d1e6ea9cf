"""What the reader must see of items, with stable codes.

DIVERGENCE · ARBITRAGE · ARBITRAGE_SANS_MOTIF · DISPERSION · MECONNAISSANCE · SANS_OBJET_REFUSE ·
SANS_OBJET_DISCUTE · SANS_OBJET_SANS_MOTIF
"""

from __future__ import annotations

from collections.abc import Iterator

from ..dossier import Etat
from ._maturite_analyse import Analyse
from ._maturite_constats import said
from ._maturite_items import CoteRole, ItemCote
from ._maturite_lecture import evidence, named, views
from ._maturite_reponses import Decision
from .chiffres import decimal, figure, known, percent
from .phrases import count, enumerate_words
from .resultat import Constat
from .typographie import quoted


def say_items(analyse: Analyse) -> Iterator[Constat]:
    for item in analyse.items:
        yield from _say_divergence(item, analyse)
        yield from _say_dispersion(item, analyse)
        yield from _say_ignorance(item, analyse)
        yield from _say_not_applicable(item)


def _say_divergence(item: ItemCote, analyse: Analyse) -> Iterator[Constat]:
    spread = figure(item.ecart_roles) if known(item.ecart_roles) else ""
    if item.unresolved:
        texte = (
            f"{named(item)} : divergence forte entre les rôles, écart {spread} ({views(item, analyse.role)}). "
            f"La valeur {figure(item.valeur)} reste à arbitrer en atelier."
        )
        yield said("DIVERGENCE", texte, "attention", item.id)
    if item.arbitrage:
        yield _say_arbitration(item, item.arbitrage, analyse)
    if item.id in analyse.arbitrages_sans_motif:
        texte = f"{named(item)} : un arbitrage sans motif écrit a été reçu ; il n'est pas appliqué."
        yield said("ARBITRAGE_SANS_MOTIF", texte, "attention", item.id)


def _say_arbitration(item: ItemCote, arbitrage: Decision, analyse: Analyse) -> Constat:
    origin = "sans valeur d'origine"
    if known(item.valeur_brute):
        origin = f"valeur d'origine {figure(item.valeur_brute)} ({views(item, analyse.role)})"
    if not item.rated:
        held = " ; la question est masquée, l'arbitrage n'est pas appliqué"
    else:
        held = f" ; {evidence(item)}" if evidence(item) else ""
    several = f" ; {arbitrage.nombre} arbitrages reçus, le dernier retenu" if arbitrage.nombre > 1 else ""
    texte = (
        f"{named(item)} : arbitré à {figure(arbitrage.valeur)} en atelier, {origin}{held}{several}. "
        f"Motif : {quoted(arbitrage.motif)}."
    )
    return said("ARBITRAGE", texte, "information", item.id)


def _say_dispersion(item: ItemCote, analyse: Analyse) -> Iterator[Constat]:
    """Strong by one index at least; both are printed, since they measure different things (A.6)."""
    strong, weak = analyse.cotation.dispersion_ad[1], analyse.cotation.dispersion_rwg[1]

    def line(view: CoteRole) -> str:
        return (
            f"{analyse.role(view.role)}, {len(view.niveaux)} réponses : écart moyen à la médiane "
            f"{decimal(view.ad, 2, strong)}, indice d'accord {decimal(view.rwg, 2, weak)}"
        )

    spread = [v for v in item.roles if v.lecture_ad == "forte_dispersion" or v.lecture_rwg == "accord_faible"]
    if spread:
        texte = f"{named(item)} : réponses dispersées dans un même rôle. {' ; '.join(map(line, spread))}."
        yield said("DISPERSION", texte, "information", item.id)


def _say_ignorance(item: ItemCote, analyse: Analyse) -> Iterator[Constat]:
    if item.meconnaissance:
        excluded = analyse.cotation.meconnaissance_roles_exclus
        share = percent(item.part_inconnus_hors_exclus, analyse.cotation.meconnaissance_part_nsp)
        unsure = [view for view in item.roles if view.inconnus_recus and view.role not in excluded]
        roles = enumerate_words(
            [
                f"{analyse.role(view.role)} {view.inconnus_recus} sur {view.inconnus_recus + len(view.niveaux)}"
                for view in unsure
            ]
        )
        empty = sum(view.non_repondu for view in unsure)
        kinds = f", dont {count(empty, 'case vide', 'cases vides')}" if empty else ""
        texte = f"{named(item)} : méconnaissance, {share} de réponses inconnues ({roles}{kinds})."
        yield said("MECONNAISSANCE", texte, "attention", item.id)


def _say_not_applicable(item: ItemCote) -> Iterator[Constat]:
    answers = [answer for answer in item.reponses if answer.etat is Etat.SANS_OBJET]
    if not answers:
        return
    number = count(len(answers), "réponse")
    if not item.item.sans_objet:
        texte = f"{named(item)} : {number} « sans objet », que cet item n'admet pas, lue comme « ne sait pas »."
        yield said("SANS_OBJET_REFUSE", texte, "attention", item.id)
        return
    if item.etat != "sans_objet":
        others = f"{count(item.exprimes, 'cote')} et {count(item.inconnus, 'réponse inconnue', 'réponses inconnues')}"
        texte = f"{named(item)} : {number} « sans objet » face à {others} ; l'item reste dans le calcul."
        yield said("SANS_OBJET_DISCUTE", texte, "attention", item.id)
    unexplained = [answer for answer in answers if not answer.commentaire]
    if unexplained:
        texte = f"{named(item)} : {count(len(unexplained), 'réponse')} « sans objet » sans motif écrit."
        yield said("SANS_OBJET_SANS_MOTIF", texte, "information", item.id)
