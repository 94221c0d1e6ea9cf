"""The questionnaire as a survey for other tools: one a role of a structure, and the anonymous écho of its agents.

What it asks comes from `build_questionnaire`, as the form does. What tells whose answers they are (structure, role,
etape, mesure, version) goes with each answer, so that `vigie import` needs nothing else than the tool's export.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..collecte import MinistereCharge
from ..errors import Introuvable
from ..referentiels.formulaires import GenreFormulaire
from ..rendering.formats import typeset
from .demande import AGENT
from .modele import Champ, Option, Question, Questionnaire
from .questionnaire import build_questionnaire

NSP, SO = "NSP", "SO"
MESURES: dict[GenreFormulaire, str] = {"maturite": "niveau", "echo": "accord"}


@dataclass(frozen=True)
class Enquete:
    """`identite`: hidden columns, the same in every answer. `personnes`: (id, name), none when it is anonymous."""

    nom: str
    titre: str
    identite: tuple[tuple[str, str], ...]
    personnes: tuple[tuple[str, str], ...]
    questionnaire: Questionnaire
    mots: dict[str, str]

    @property
    def anonyme(self) -> bool:
        return not self.personnes

    @property
    def preambule(self) -> tuple[str, ...]:
        return tuple(map(typeset, (*self.questionnaire.introduction, *self.questionnaire.confidentialite)))


def list_enquetes(charge: MinistereCharge, structure: str, role: str = "") -> list[Enquete]:
    """The surveys of a structure, of one role if given; AG is the écho. Raises Introuvable."""
    nom = charge.structure(structure).nom
    referentiels = charge.referentiels
    people = charge.repondants[charge.repondants["structure"] == structure]
    asked = {name for item in referentiels.maturite.items.values() for name in item.roles}
    found = []
    for one in referentiels.maturite.roles:
        rows = people[people["role"] == one.id]
        named = rows[["id", "nom", "fonction"]].to_dict("records")
        persons = tuple((str(row["id"]), f"{row['nom']}, {row['fonction']}".strip(", ")) for row in named)
        if persons and one.id in asked and role in ("", one.id):
            found.append(_enquete(charge, structure, nom, "maturite", one.id, persons, one.libelle))
    if role in ("", AGENT):
        found.append(_enquete(charge, structure, nom, "echo", AGENT, (), ""))
    if not found:
        raise Introuvable(f"Aucune personne de rôle « {role} » à interroger dans « {structure} » (repondants.csv).")
    return found


def _enquete(
    charge: MinistereCharge,
    structure: str,
    nom: str,
    genre: GenreFormulaire,
    role: str,
    personnes: tuple[tuple[str, str], ...],
    libelle: str,
) -> Enquete:
    questionnaire = build_questionnaire(genre, role, charge.referentiels)
    identite = {
        "structure": structure,
        "role": role,
        "etape": questionnaire.etape,
        "mesure": MESURES[genre],
        "version": charge.referentiels.versions["maturite"],
    }
    return Enquete(
        nom=f"{structure}_{role if personnes else genre}",
        titre=typeset(" · ".join(part for part in (questionnaire.titre, nom, libelle) if part)),
        identite=tuple(identite.items()),
        personnes=personnes,
        questionnaire=questionnaire,
        mots=charge.referentiels.formulaires.interface,
    )


def choices(enquete: Enquete, champ: Champ) -> Iterator[tuple[str, str]]:
    """(code, label) of each answer to a question, « ne sait pas » and « sans objet » where they are allowed."""
    for option in champ.options:
        yield option.valeur, _label(option)
    if champ.ne_sait_pas:
        yield NSP, typeset(enquete.mots["ne_sait_pas"])
    if champ.sans_objet:
        yield SO, typeset(f"{enquete.mots['sans_objet']} : {champ.sans_objet}")


def _label(option: Option) -> str:
    """« 3. Structuré : Liste tenue… (Sans document, ce niveau est ramené à 2.) »; the number first, always."""
    label = option.libelle if option.libelle.startswith(f"{option.valeur}.") else f"{option.valeur}. {option.libelle}"
    label += f" : {option.detail}" if option.detail else ""
    return typeset(label + (f" ({option.rappel})" if option.rappel else ""))


def hints(enquete: Enquete, question: Question) -> str:
    """What helps to answer: the evidence expected, and what is said under the question."""
    evidence = f"{enquete.mots['preuve_attendue']} : {question.preuve_attendue}" if question.preuve_attendue else ""
    return typeset(" ".join(part for part in (*question.aide, evidence) if part))


def reasons(question: Question) -> str:
    """Why it is asked: ideas of the sheet, rules with their law; one a line."""
    return "\n".join(map(typeset, (*question.pourquoi.idees, *question.pourquoi.regles)))
