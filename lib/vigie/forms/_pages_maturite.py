"""Maturity by role, and the agents' anonymous écho (maturity-skills, part A)."""

from __future__ import annotations

from collections.abc import Iterator

from ..referentiels.maturite import Item
from ..rendering.formats import count
from ._communs import Chantier
from .modele import Champ, Option, Page, Question


def maturity_pages(chantier: Chantier) -> Iterator[Page]:
    """One dimension a page, only the items of the role."""
    for dimension in chantier.referentiels.maturite.dimensions:
        questions = tuple(_question(chantier, item) for item in dimension.items if chantier.role in item.roles)
        if questions:
            yield Page(dimension.id, dimension.libelle, questions)


def echo_pages(chantier: Chantier) -> Iterator[Page]:
    """All the statements on one page: they are ten, and agreement is one gesture."""
    echo = chantier.referentiels.maturite.echo
    options = tuple(Option(str(value), label) for value, label in echo.accords.items())
    questions = tuple(
        Question(
            item.id,
            item.enonce,
            (Champ("", item.id, "accord", "choix", options=options, ne_sait_pas=True, sans_objet=item.sans_objet),),
            pourquoi=chantier.why(item.fiche, regles=()),
        )
        for item in echo.items
    )
    texte = chantier.referentiels.formulaires.pages["echo"]
    yield Page("echo", texte.titre, questions, (echo.consigne,))


def _question(chantier: Chantier, item: Item) -> Question:
    complements = (
        chantier.complement("preuve", court=True),
        chantier.complement("indicateur", court=True),
        chantier.complement("commentaire"),
    )
    champ = Champ(
        *("", item.id, "niveau", "choix"),
        options=tuple(_levels(chantier, item)),
        ne_sait_pas=True,
        sans_objet=item.sans_objet,
        complements=complements,
        motif_sans_objet=chantier.complement("commentaire", "motif_sans_objet") if item.sans_objet else None,
    )
    return Question(item.id, item.enonce, (champ,), preuve_attendue=item.preuve, pourquoi=chantier.why(item.fiche))


def _levels(chantier: Chantier, item: Item) -> Iterator[Option]:
    """Levels 1, 3 and 5 are described by the item, 2 and 4 by the general scale; each says the evidence it needs."""
    maturite = chantier.referentiels.maturite
    described: dict[int, str] = {int(level): text for level, text in item.niveaux.items()}
    sans_document = maturite.cotation.plafond_sans_document
    sans_indicateur = maturite.cotation.plafond_sans_indicateur
    for niveau in maturite.niveaux:
        rappels = []
        if niveau.niveau > sans_document:
            rappels.append(chantier.texte("sans_document").format(niveau=count(sans_document)))
        if niveau.niveau > sans_indicateur:
            rappels.append(chantier.texte("sans_indicateur").format(niveau=count(sans_indicateur)))
        yield Option(
            str(niveau.niveau),
            f"{niveau.niveau}. {niveau.nom}",
            described.get(niveau.niveau, niveau.definition),
            " ".join(rappels),
            preuve_utile=bool(rappels),
        )
