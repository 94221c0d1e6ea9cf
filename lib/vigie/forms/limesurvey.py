"""A survey as LimeSurvey's tab-separated structure (manual.limesurvey.org, « Tab Separated Value survey structure »).

Codes of questions are letters and digits (collecte.enquetes.survey_code). A group a dimension; a question is a list
with a comment (O), its evidence two short texts (Q) asked once a level is chosen. Hidden equations carry what tells
whose answers they are. The écho is anonymous: no date, no address, no link to a participant.
"""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Iterator

from ..collecte.enquetes import QUI, TEXTES, survey_code
from ..errors import Anomalie, EntreeInvalide
from .enquete import Enquete, choices, hints, reasons
from .modele import Champ, Question

COLONNES = ("class", "type/scale", "name", "relevance", "text", "help", "language", "mandatory", "other", "hidden")
LANGUE = "fr"
CODE_MAXIMUM = 20
"""Length of a question's code, of LimeSurvey's own."""
LISTE, LISTE_COMMENTEE, TEXTES_COURTS, EQUATION = "L", "O", "Q", "*"
Rangee = dict[str, str]


def make_limesurvey(enquete: Enquete) -> bytes:
    """The .txt to import. Raises EntreeInvalide when an id cannot stand in one of its equations."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLONNES, delimiter="\t", lineterminator="\n", restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(_rows(enquete))
    return stream.getvalue().encode("utf-8-sig")


def _rows(enquete: Enquete) -> Iterator[Rangee]:
    for name, value in _survey(enquete).items():
        yield {"class": "S", "name": name, "text": value}
    welcome = "".join(f"<p>{_html(text)}</p>" for text in enquete.preambule)
    for name, value in (("surveyls_title", _html(enquete.titre)), ("surveyls_welcometext", welcome)):
        yield {"class": "SL", "name": name, "text": value, "language": LANGUE}
    yield from _group(enquete.mots["choisir_qui"] if enquete.personnes else enquete.questionnaire.titre, "")
    yield from _identity(enquete)
    for page in enquete.questionnaire.pages:
        yield from _group(page.titre, " ".join(page.texte))
        for question in page.questions:
            yield from _question(enquete, question)


def _survey(enquete: Enquete) -> Rangee:
    kept = "N" if enquete.anonyme else "Y"
    return {
        "language": LANGUE,
        "format": "G",
        "anonymized": "Y" if enquete.anonyme else "N",
        "datestamp": kept,
        "ipaddr": "N",
        "refurl": "N",
        "savetimings": "N",
        "allowsave": kept,
        "allowprev": "Y",
        "showwelcome": "Y",
        "showxquestions": "N",
    }


def _group(title: str, text: str) -> Iterator[Rangee]:
    yield {"class": "G", "name": _html(title), "relevance": "1", "text": _html(text), "language": LANGUE}


def _identity(enquete: Enquete) -> Iterator[Rangee]:
    if enquete.personnes:
        label = _html(enquete.mots["choisir_personne"])
        yield _ask(LISTE, QUI, label, mandatory="Y")
        codes = [f"P{number}" for number in range(1, len(enquete.personnes) + 1)]
        for code, (_, nom) in zip(codes, enquete.personnes, strict=True):
            yield _answer(code, nom)
        chosen = ", ".join(
            f"if({QUI}.NAOK == '{code}', '{_literal(id_)}', '')"
            for code, (id_, _) in zip(codes, enquete.personnes, strict=True)
        )
        yield _ask(EQUATION, "repondant", f"{{join({chosen})}}", hidden="1")
    for name, value in enquete.identite:
        yield _ask(EQUATION, name, f"{{join('{_literal(value)}')}}", hidden="1")


def _question(enquete: Enquete, question: Question) -> Iterator[Rangee]:
    (champ,) = question.champs
    code = survey_code(champ.cible)
    names = [complement.nom for complement in champ.complements]
    genre = LISTE_COMMENTEE if "commentaire" in names else LISTE
    help_ = "".join(f"<p>{_html(text)}</p>" for text in (hints(enquete, question), *_why(enquete, question)) if text)
    yield _ask(genre, code, _html(question.enonce), help=help_)
    for value, label in choices(enquete, champ):
        yield _answer(value, label)
    yield from _texts(champ, code)


def _texts(champ: Champ, code: str) -> Iterator[Rangee]:
    """Evidence, as sub-questions: `D1x1t[preuve]`. The comment is the list's own."""
    asked = [complement for complement in champ.complements if complement.nom != "commentaire"]
    if not asked:
        return
    chosen = " or ".join(f"{code}.NAOK == '{option.valeur}'" for option in champ.options)
    title = " ; ".join(complement.libelle for complement in asked)
    yield {**_ask(TEXTES_COURTS, code + TEXTES, _html(f"{champ.cible} · {title}")), "relevance": chosen}
    for complement in asked:
        text = f"{complement.libelle} ({complement.aide})" if complement.aide else complement.libelle
        yield {"class": "SQ", "type/scale": "0", "name": complement.nom, "text": _html(text), "language": LANGUE}


def _why(enquete: Enquete, question: Question) -> list[str]:
    lines = reasons(question).splitlines()
    return [enquete.mots["pourquoi"], *lines] if lines else []


def _ask(genre: str, code: str, text: str, **more: str) -> Rangee:
    if len(code) > CODE_MAXIMUM:
        attendu = f"au plus {CODE_MAXIMUM} lettres et chiffres"
        raise EntreeInvalide([Anomalie("ce code de question est trop long", "LimeSurvey", code, attendu)])
    row = {"class": "Q", "type/scale": genre, "name": code, "relevance": "1", "text": text, "language": LANGUE}
    return {**row, "mandatory": "N", "other": "N", **more}


def _answer(code: str, label: str) -> Rangee:
    return {"class": "A", "type/scale": "0", "name": code, "text": _html(label), "language": LANGUE}


def _literal(text: str) -> str:
    """A text inside an equation, where quotes, braces and backslashes would end it."""
    if set(text) & set("'\"{}\\<>&"):
        que_faire = "changez cet identifiant, ou utilisez le classeur (--format xlsx)"
        raise EntreeInvalide(
            [
                Anomalie(
                    "LimeSurvey n'admet pas cet identifiant",
                    "repondants.csv",
                    text,
                    "lettres, chiffres, - et _",
                    que_faire,
                )
            ]
        )
    return text


def _html(text: str) -> str:
    """Texts are HTML there; a brace would open an equation, a backslash would escape the quote after it."""
    plain = html.escape(text, quote=False).replace("{", "&#123;").replace("}", "&#125;").replace("\\", "&#92;")
    return plain.replace("\t", " ").replace("\n", "<br />")
