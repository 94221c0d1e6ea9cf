"""An agent's own position, and the exposure of tasks to AI (maturity-skills, parts B and C)."""

from __future__ import annotations

from collections.abc import Iterator

from ..referentiels.competences import Competence, Metier, Tache
from ._communs import Chantier
from .modele import Champ, Option, Page, Question

NATURES = ("A", "C", "H")
POUR_CENT = 100


def position_pages(chantier: Chantier) -> Iterator[Page]:
    """One family a page; soft skills are voluntary. The agent's own tasks come last, voluntary too."""
    competences = chantier.referentiels.competences
    rules = tuple(f"{one.regle} {one.raison}" for one in competences.garde_fous)
    for famille in competences.familles:
        mine = [competence for competence in competences.competences if competence.famille == famille.id]
        questions = tuple(_position(chantier, competence) for competence in mine)
        texte = rules if famille.douce else ()
        yield Page(famille.id, famille.libelle, questions, texte=texte, facultative=famille.douce)
    if chantier.faits.metier:
        yield from _task_pages(chantier, (chantier.faits.metier,))


def exposure_pages(chantier: Chantier) -> Iterator[Page]:
    """One job family of the structure a page; whoever answers leaves those they do not know."""
    yield from _task_pages(chantier, chantier.faits.metiers)


def _position(chantier: Chantier, competence: Competence) -> Question:
    competences = chantier.referentiels.competences
    mesure = min(competences.cotation.preuves, key=lambda mode: mode.confiance).id
    described: dict[int, str] = {int(level): text for level, text in competence.niveaux.items()}
    options = tuple(
        Option(str(niveau.niveau), f"{niveau.niveau}. {niveau.nom}", described.get(niveau.niveau, niveau.definition))
        for niveau in competences.niveaux
    )
    champ = Champ("", competence.id, mesure, "choix", options=options, ne_sait_pas=True)
    return Question(competence.id, competence.libelle, (champ,), pourquoi=chantier.why(competence.fiche, regles=()))


def _task_pages(chantier: Chantier, ids: tuple[str, ...]) -> Iterator[Page]:
    texte = chantier.referentiels.formulaires.pages["taches"]
    for metier in chantier.referentiels.metiers.metiers:
        if metier.id in ids:
            yield Page(
                metier.id,
                metier.libelle,
                tuple(_task(chantier, metier, tache) for tache in metier.taches),
                texte=(texte.texte, chantier.enonce("vigilance", texte=metier.vigilance)),
                facultative=True,
            )


def _task(chantier: Chantier, metier: Metier, tache: Tache) -> Question:
    champs = chantier.referentiels.formulaires.champs
    notes = tuple(Option(f"{note.valeur:g}", note.libelle) for note in chantier.referentiels.metiers.cotation.notes)
    natures = tuple(Option(code, chantier.code(code)) for code in NATURES)
    target = (metier.id, tache.id)
    return Question(
        tache.id,
        tache.libelle,
        (
            Champ(
                *(*target, "note", "choix"),
                libelle=champs["note"].libelle,
                options=notes,
                ne_sait_pas=True,
                complements=(chantier.complement("commentaire"),),
            ),
            Champ(
                *(*target, "part", "nombre"),
                libelle=champs["part"].libelle,
                aide=champs["part"].aide,
                bornes=(0, POUR_CENT),
                unite="%",
                facteur=1 / POUR_CENT,
            ),
            Champ(
                *(*target, "nature", "choix"),
                libelle=champs["nature"].libelle,
                options=natures,
                en_ligne=True,
                requis=False,
            ),
        ),
        aide=(chantier.enonce("tache_humaine"),) if tache.humain else (),
        pourquoi=chantier.why(metier.fiche, regles=()),
    )
