"""One Resultat, the same figures in every file: DOCX, ODT, PDF, XLSX, the screen's HTML and the JSON."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from vigie.rendering import formats
from vigie.steps import open_step

from . import dossiers, lecture

STRUCTURES = dossiers.STRUCTURES


def html_rows(view, header):
    """Rows of the table of a view whose headers hold `header`."""
    for table in BeautifulSoup(view.html, "html.parser").find_all("table"):
        for hidden in table.select("[aria-hidden=true] + .vg-lu"):
            hidden.decompose()
        headers = [lecture.plain(cell.text) for cell in table.select("thead th")]
        if header in headers:
            return [
                [lecture.plain(cell.text) for cell in row.find_all(["th", "td"])] for row in table.select("tbody tr")
            ]
    raise AssertionError(f"aucun tableau avec la colonne {header}")


def numbers(cells):
    """The cells of a row that are figures or stand for one."""
    return [cell for cell in cells if re.fullmatch(r"[−\d][\d ,%]*|—|masqué", cell)]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_profile_says_the_same_scores_everywhere(documents, structure):
    result = dossiers.resultat(structure, "maturite")
    files = {kind: documents[structure, f"rapport_maturite.{kind}"].read_bytes() for kind in ("docx", "odt", "pdf")}
    expected = [
        [
            lecture.plain(f"{line.dimension} {line.libelle}"),
            *(lecture.plain(formats.score(value)) for value in (line.score, line.score_bas, line.score_haut)),
            formats.count(line.niveau),
            formats.count(line.cible),
            lecture.plain(formats.score(line.ecart)),
            line.confiance,
        ]
        for line in result.dimensions.itertuples()
    ]
    for tables in (lecture.docx_tables(files["docx"]), lecture.odt_tables(files["odt"])):
        rows = [row[:8] for row in lecture.rows_under(tables, "Score bas")]
        assert rows == [[lecture.plain(formats.typeset(cell)) for cell in row] for row in expected]
    page = lecture.compact(lecture.pdf_text(files["pdf"]))
    for row in expected:
        assert lecture.compact(formats.typeset("".join(row))) in page
    screen = html_rows(open_step("maturite", "demonstration", structure).show_profil(), "Score bas")
    for shown, row in zip(screen, expected, strict=True):
        assert [numbers(shown)[0], *numbers(shown)[1:3]] == [lecture.plain(cell) for cell in row[1:4]]
    sheet = lecture.xlsx_rows(documents[structure, "rapport_maturite.xlsx"].read_bytes(), "Dimensions")
    stored = result.to_json()["tables"]["dimensions"]
    for row, line in zip(sheet, stored, strict=True):
        assert row["Score"] == pytest.approx(line["score"]) if line["score"] is not None else row["Score"] is None
        assert row["Niveau"] == line["niveau"]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_needs_are_counted_or_masked_alike_everywhere(documents, structure):
    result = dossiers.resultat(structure, "competences")
    soft = set(result.douces["competence"])
    needs = result.besoins[~result.besoins["competence"].isin(soft)]
    expected = {
        lecture.plain(formats.typeset(f"{line.competence} {line.libelle}")): (
            "masqué" if line.etat == "masque" else lecture.plain(formats.count(line.besoin))
        )
        for line in needs.itertuples()
    }
    files = {kind: documents[structure, f"synthese_competences.{kind}"].read_bytes() for kind in ("docx", "odt", "pdf")}
    for tables in (lecture.docx_tables(files["docx"]), lecture.odt_tables(files["odt"])):
        assert {row[0]: row[2] for row in lecture.rows_under(tables, "Agents ayant un besoin")} == expected
    screen = html_rows(open_step("competences", "demonstration", structure).show_besoins(), "Agents ayant un besoin")
    assert {row[0]: row[2] for row in screen} == expected
    sheet = lecture.xlsx_rows(documents[structure, "synthese_competences.xlsx"].read_bytes(), "Besoins")
    written = {
        lecture.plain(f"{row['Compétence']} {row['Compétence, en clair']}"): row["Agents ayant un besoin"]
        for row in sheet
    }
    for name, shown in expected.items():
        assert (written[name] == "masqué") if shown == "masqué" else (written[name] == float(shown.replace(" ", "")))
    stored = {line["competence"]: line for line in result.to_json()["tables"]["besoins"]}
    for line in needs.itertuples():
        assert (stored[line.competence]["besoin"] is None) == (line.etat == "masque")


@pytest.mark.parametrize("structure", STRUCTURES)
def test_each_risk_has_the_same_level_everywhere(documents, structure):
    result = dossiers.resultat(structure, "risques_ethique")
    names = {entry.niveau: entry.libelle.lower() for entry in dossiers.contexte(structure).referentiels.methode.niveaux}
    expected = sorted(
        (
            lecture.plain(formats.typeset(f"{line.risque} {line.libelle}")),
            "—"
            if formats.is_absent(line.niveau_retenu)
            else f"{int(line.niveau_retenu)} ({names[line.niveau_retenu]})",
        )
        for line in result.risques.itertuples()
    )
    files = {kind: documents[structure, f"cartographie_risques.{kind}"].read_bytes() for kind in ("docx", "odt")}
    for tables in (lecture.docx_tables(files["docx"]), lecture.odt_tables(files["odt"])):
        found = [(row[0], row[3]) for table in tables if "Vraisemblance" in table[0] for row in table[1:]]
        assert sorted(found) == expected
    page = lecture.compact(lecture.text_of(documents[structure, "cartographie_risques.pdf"]))
    for name, level in expected:
        assert lecture.compact(name) in page
        assert level == "—" or lecture.compact(level) in page
    sheet = lecture.xlsx_rows(documents[structure, "cartographie_risques.xlsx"].read_bytes(), "Risques")
    stored = result.to_json()["tables"]["risques"]
    assert [row["Niveau retenu"] for row in sheet] == [line["niveau_retenu"] for line in stored]


@pytest.mark.parametrize("structure", STRUCTURES)
def test_each_applicable_rule_is_an_article_in_every_format(documents, structure):
    rules = set(dossiers.resultat(structure, "risques_ethique").regles["regle"])
    for kind in ("docx", "odt", "pdf"):
        text = lecture.plain(lecture.text_of(documents[structure, f"referentiel_ethique.{kind}"]))
        assert set(re.findall(r"Article \d+ – Règle (E\d\d)", text)) == rules
    sheet = lecture.xlsx_rows(documents[structure, "referentiel_ethique.xlsx"].read_bytes(), "Règles")
    assert {row["N°"] for row in sheet} == rules


def test_what_the_law_has_not_been_read_for_stays_marked_in_every_format(documents):
    bases = dossiers.resultat("scn-recrutement", "risques_ethique").bases
    unread = bases[bases["confiance"] != "texte"]
    assert not unread.empty
    for kind in ("docx", "odt", "pdf"):
        text = lecture.compact(lecture.text_of(documents["scn-recrutement", f"referentiel_ethique.{kind}"]))
        annex = text[text.rindex("Annexe3–Àvérifieravantsignature") :]
        missing = [name for name in unread["base"] if name not in annex]
        assert missing == []
        assert "[sourcesecondaire,àvérifier]" in text
