"""What the reader must see of the écho and of participation, and what was not available.

ECHO_INDICATIF · ECHO_MASQUE · ECHO_EXCES · ROLE_MUET
"""

from __future__ import annotations

from collections.abc import Iterator

from ._maturite_analyse import Analyse
from ._maturite_constats import said
from .chiffres import known, percent, under
from .phrases import count, enumerate_words
from .resultat import Constat
from .typographie import spaced


def say_echo(analyse: Analyse) -> Iterator[Constat]:
    """Nothing here gives the headcount of a withheld item."""
    echo, cotation = analyse.echo, analyse.cotation
    if not echo.repondants:
        return
    answers = f"{count(echo.repondants, 'agent')} sur {echo.effectif}"
    if under(echo.taux, cotation.taux_reponse_indicatif):
        minimum = percent(cotation.taux_reponse_indicatif)
        rate = percent(echo.taux, cotation.taux_reponse_indicatif)
        texte = f"Écho des agents indicatif : {answers} ont répondu, soit {rate} (moins de {minimum})."
        yield said("ECHO_INDICATIF", texte, "attention")
    if echo.repondants > echo.effectif:
        texte = f"Écho des agents : {answers} auraient répondu ; vérifiez l'effectif ou les fichiers reçus en double."
        yield said("ECHO_EXCES", texte, "alerte")
    masked = [item for item in echo.items if item.retrait in ("seuil", "complementaire")]
    if masked:
        names = ", ".join(item.item for item in masked)
        extra = [item.item for item in masked if item.retrait == "complementaire"]
        verbe = "l'est" if len(extra) == 1 else "le sont"
        reason = f" ; {enumerate_words(extra)} {verbe} pour qu'aucune réponse ne se déduise du reste" if extra else ""
        texte = (
            f"Écho des agents : {count(len(masked), 'énoncé masqué', 'énoncés masqués')} sur {len(echo.items)} "
            f"({names}) pour protéger les petits effectifs, seuil de {cotation.seuil_publication} réponses{reason}."
        )
        yield said("ECHO_MASQUE", texte, "information", *(item.item for item in masked))


def say_participation(analyse: Analyse) -> Iterator[Constat]:
    """Roles that the questionnaire asks and that said nothing."""
    asked = {role for item in analyse.items for role in item.item.roles}
    silent = [part for part in analyse.participation if part.role in asked and not part.exprimes]
    if silent and any(part.exprimes for part in analyse.participation):
        names = enumerate_words(
            [f"{part.libelle} ({count(part.attendus, 'personne désignée', 'personnes désignées')})" for part in silent]
        )
        texte = f"Sans réponse de : {names}. Leurs points de vue manquent aux items qui les interrogent."
        yield said("ROLE_MUET", texte, "attention", *(part.role for part in silent))


def list_missing(analyse: Analyse) -> tuple[str, ...]:
    """What was not available and what that leaves out, one sentence each."""
    dossier, sentences = analyse.dossier, []
    if not any(part.exprimes for part in analyse.participation):
        sentences.append("Aucune réponse à la cotation : aucune dimension n'a de score.")
    if not analyse.echo.repondants:
        sentences.append(
            "Rien n'est à publier de l'écho des agents, faute d'au moins "
            f"{analyse.cotation.seuil_publication} réponses à une même question : le déclaré n'est pas comparé au vécu."
        )
    if dossier.repondants.empty:
        sentences.append(
            "La liste des répondants n'est pas fournie : les attendus sont ceux qui ont répondu, et les taux ne disent "
            "rien des absents."
        )
    without = [dimension.id for dimension in analyse.dimensions if not known(dimension.cible.retenue)]
    if without:
        situation = dossier.structure.situation
        sentences.append(
            f"Cible non fixée par la direction pour {enumerate_words(without)} : la cible minimale conseillée pour la "
            f"situation {situation} est utilisée."
        )
    if analyse.etrangers:
        version = dossier.referentiels.versions.get("maturite", "")
        sentences.append(
            f"Réponses non comptées, sur des cibles absentes du questionnaire {version} : "
            f"{enumerate_words(analyse.etrangers)}."
        )
    return tuple(map(spaced, sentences))
