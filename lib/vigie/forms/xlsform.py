"""A survey as an XLSForm, for ODK Central, KoboToolbox, Enketo and the like (xlsform.org).

Names are XML names (collecte.enquetes.xml_name). A page a dimension. What goes with a level is asked once one is
chosen; a « sans objet » needs its reason. No metadata is asked for: the écho must not say who sent it, nor when.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import xlsxwriter

from ..collecte.enquetes import NOTE, xml_name
from .enquete import SO, Enquete, choices, hints, reasons
from .modele import Question

QUESTIONS = ("type", "name", "label", "hint", "guidance_hint", "required", "relevant", "calculation", "appearance")
CHOIX = ("list_name", "name", "label")
PERSONNES = "personnes"
Rangee = dict[str, str]


def make_xlsform(enquete: Enquete) -> bytes:
    """The XLSX to load into the tool."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        for name, columns, rows in (
            ("survey", QUESTIONS, list(_questions(enquete))),
            ("choices", CHOIX, list(_choices(enquete))),
            ("settings", tuple(_settings(enquete)), [_settings(enquete)]),
        ):
            _write(book.add_worksheet(name), columns, rows)
    return buffer.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, columns: Sequence[str], rows: Sequence[Rangee]) -> None:
    for place, name in enumerate(columns):
        sheet.write_string(0, place, name)
        sheet.set_column(place, place, 50 if name in ("label", "hint") else 18)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate(columns):
            # « ${ » would call the answer of another question
            sheet.write_string(line, place, row.get(name, "") if name == "relevant" else _plain(name, row))
    sheet.freeze_panes(1, 0)


def _plain(name: str, row: Rangee) -> str:
    text = row.get(name, "")
    return text if name in ("required", "calculation") else text.replace("${", "$ {")


def _settings(enquete: Enquete) -> Rangee:
    version = dict(enquete.identite)["version"]
    return {
        "form_title": enquete.titre,
        "form_id": xml_name(f"vigie_{enquete.nom}"),
        "version": version,
        "style": "pages",
        "default_language": "fr",
    }


def _questions(enquete: Enquete) -> Iterator[Rangee]:
    for name, value in enquete.identite:
        yield {"type": "calculate", "name": name, "calculation": f"'{value}'"}
    for number, text in enumerate(enquete.preambule, start=1):
        yield {"type": "note", "name": f"{NOTE}{number}", "label": text}
    if not enquete.anonyme:
        label = enquete.mots["choisir_personne"]
        yield {"type": f"select_one {PERSONNES}", "name": "repondant", "label": label, "required": "yes"}
    for page in enquete.questionnaire.pages:
        yield {"type": "begin_group", "name": xml_name(f"page_{page.id}"), "label": page.titre, **_SEULE}
        for number, text in enumerate(page.texte, start=1):
            yield {"type": "note", "name": f"{NOTE}{xml_name(page.id)}_{number}", "label": text}
        for question in page.questions:
            yield from _question(enquete, question)
        yield {"type": "end_group"}


_SEULE = {"appearance": "field-list"}


def _question(enquete: Enquete, question: Question) -> Iterator[Rangee]:
    (champ,) = question.champs
    name = xml_name(champ.cible)
    asked = {"label": question.enonce, "hint": hints(enquete, question), "guidance_hint": reasons(question)}
    yield {"type": f"select_one {name}", "name": name, **asked}
    levels = " or ".join(f"${{{name}}} = '{option.valeur}'" for option in champ.options)
    for complement in champ.complements:
        more = {"type": "text", "name": f"{name}_{complement.nom}", "label": complement.libelle}
        more["hint"] = complement.aide
        if complement.nom == "commentaire":
            more["required"] = f"${{{name}}} = '{SO}'" if champ.motif_sans_objet else ""
        else:
            more["relevant"] = levels
        yield more


def _choices(enquete: Enquete) -> Iterator[Rangee]:
    for id_, label in enquete.personnes:
        yield {"list_name": PERSONNES, "name": id_, "label": label}
    for page in enquete.questionnaire.pages:
        for question in page.questions:
            (champ,) = question.champs
            for code, label in choices(enquete, champ):
                yield {"list_name": xml_name(champ.cible), "name": code, "label": label}
