"""The questionnaire goes to other survey tools and comes back from their exports without loss."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.cli import main
from vigie.collecte import open_store
from vigie.collecte.enquetes import survey_code, xml_name
from vigie.collecte.imports import read_answers
from vigie.collecte.reception import record_files
from vigie.errors import EntreeInvalide, ImportRefuse, Introuvable
from vigie.forms.enquete import list_enquetes
from vigie.forms.limesurvey import make_limesurvey
from vigie.forms.xlsform import make_xlsform
from vigie.tabular import fold

from tests.collecte.ministere_essai import CAMPAGNE, anonymous_rows
from tests.forms import outils_enquete as outils
from tests.forms.ministere_forme import STRUCTURE, charge_forme

TEXTE = 'Élève à l\'œuvre « naïf »\nseconde ligne ; =1+1 "guillemets"\n\n' + "long, " * 300 + "fin"


@pytest.fixture(scope="module")
def charge(tmp_path_factory):
    return charge_forme(tmp_path_factory.mktemp("enquetes") / "essai")


def enquete_of(charge, role):
    return next(one for one in list_enquetes(charge, STRUCTURE, role) if not one.anonyme)


def echo_of(charge):
    return next(one for one in list_enquetes(charge, STRUCTURE) if one.anonyme)


@pytest.fixture(scope="module")
def odk(charge):
    return outils.read_xlsform(make_xlsform(enquete_of(charge, "FOR")))


@pytest.fixture(scope="module")
def lime(charge):
    return outils.read_limesurvey(make_limesurvey(enquete_of(charge, "FOR")))


def exported(charge, outil, odk, lime, answers, path: Path) -> Path:
    """An export of one person (for1) with these answers, as the tool would name its columns.

    `answers`: (item, state or level) → texts by complement.
    """
    if outil == "limesurvey":
        row = {"qui": "P1"}
        for item, (value, texts) in answers.items():
            code = survey_code(item)
            row[code] = value
            for name, text in texts.items():
                row[f"{code}[comment]" if name == "commentaire" else f"{code}t[{name}]"] = text
        return outils.write(path, outils.limesurvey(lime, [row]))
    row = {"repondant": "for1"}
    for item, (value, texts) in answers.items():
        name = next(one for one in odk.colonnes if one.split("/")[-1] == xml_name(item))
        row |= {name: value, **{f"{name}_{complement}": text for complement, text in texts.items()}}
    return outils.write(path, (outils.odk_central if outil == "odk" else outils.kobo)(odk, [row]))


OUTILS = ["odk", "kobo", "limesurvey"]
TEXTES = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40).map(str.strip)


@pytest.mark.parametrize("role", ["DIR", "RH", "FOR", "NUM", "JUR", "MAN", "RP", "echo"])
def test_pyxform_and_the_validator_of_odk_accept_every_form_without_a_warning(charge, role):
    enquete = echo_of(charge) if role == "echo" else enquete_of(charge, role)
    read = outils.read_xlsform(make_xlsform(enquete))
    assert read.avertissements == ()
    assert {name: read.constantes[name] for name in ("structure", "etape")} == {"structure": "drh", "etape": "maturite"}
    asked = {xml_name(champ.cible) for champ in enquete.questionnaire.champs.values()}
    assert asked == {name.split("/")[-1] for name in read.choix} - {"repondant"}


def test_only_the_questions_of_the_role_are_asked(charge, odk, lime):
    wanted = {item.id for item in charge.referentiels.maturite.items.values() if "FOR" in item.roles}
    assert {name.split("/")[-1] for name in odk.choix} == {"repondant", *map(xml_name, wanted)}
    assert set(lime.choix) == {"qui", *map(survey_code, wanted)}


def test_sans_objet_is_only_offered_where_it_is_allowed(charge, odk):
    allowed = {xml_name(item.id) for item in charge.referentiels.maturite.items.values() if item.sans_objet}
    offered = {name.split("/")[-1] for name, codes in odk.choix.items() if "SO" in codes}
    assert offered and offered == allowed & {name.split("/")[-1] for name in odk.choix}


@pytest.mark.parametrize("outil", OUTILS)
def test_every_state_comes_back_with_its_texts(charge, odk, lime, outil, tmp_path):
    texts = {"commentaire": TEXTE, "preuve": "Note du 3 mars", "indicateur": "80 %"}
    free = next(name for name, codes in odk.choix.items() if "SO" in codes).split("/")[-1]
    item = next(id_ for id_ in charge.referentiels.maturite.items if xml_name(id_) == free)
    answers = {
        "D1.1": ("4", texts),
        "D1.4": ("NSP", {"commentaire": "À demander"}),
        item: ("SO", {"commentaire": "Aucune instance"}),
    }
    lot = read_answers(exported(charge, outil, odk, lime, answers, tmp_path / "export.csv"), charge)
    read = {one.cible: one for one in lot.reponses}
    assert (read["D1.1"].niveau, read["D1.1"].commentaire, read["D1.1"].preuve, read["D1.1"].indicateur) == (
        4.0, TEXTE, "Note du 3 mars", "80 %",
    )  # fmt: skip
    assert (read["D1.4"].etat, read["D1.4"].commentaire) == ("ne_sait_pas", "À demander")
    assert (read[item].etat, read[item].commentaire) == ("sans_objet", "Aucune instance")
    asked = {one.id for one in charge.referentiels.maturite.items.values() if "FOR" in one.roles}
    assert set(read) == asked
    assert {read[one].etat for one in asked - set(answers)} == {"non_repondu"}
    assert {(one.repondant, one.role, one.structure, one.date) for one in lot.reponses} == {
        ("for1", "FOR", "drh", "2026-11-10")
    }


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(OUTILS),
    st.dictionaries(
        st.sampled_from(["D1.1", "D1.4", "D2.1", "D2.2"]),
        st.tuples(st.sampled_from(["1", "2", "3", "4", "5", "NSP"]), TEXTES),
    ),
)
def test_any_answers_come_back_as_they_were_given(charge, odk, lime, tmp_path, outil, answers):
    given_ = {item: (value, {"commentaire": text}) for item, (value, text) in answers.items()}
    lot = read_answers(exported(charge, outil, odk, lime, given_, tmp_path / "export.csv"), charge)
    read = {one.cible: one for one in lot.reponses}
    for item, (value, text) in answers.items():
        assert read[item].commentaire == ("" if text.casefold() == "n/a" else text)
        assert (read[item].niveau == float(value)) if value != "NSP" else (read[item].etat == "ne_sait_pas")


def test_an_export_with_whole_labels_and_questions_not_shown_is_read_too(charge, odk, lime, tmp_path):
    answers = {"D1.1": ("3. Structuré : liste tenue par public", {}), "D1.4": ("N/A", {}), "D2.1": ("Ne sait pas", {})}
    lot = read_answers(exported(charge, "limesurvey", odk, lime, answers, tmp_path / "export.csv"), charge)
    read = {one.cible: one for one in lot.reponses}
    assert (read["D1.1"].niveau, read["D1.4"].etat, read["D2.1"].etat) == (3.0, "non_repondu", "ne_sait_pas")


def test_a_column_that_no_tool_writes_is_refused(charge, odk, lime, tmp_path):
    path = exported(charge, "limesurvey", odk, lime, {"D1.1": ("3", {})}, tmp_path / "export.csv")
    path.write_text(path.read_text(encoding="utf-8").replace('"seed"', '"graine"', 1), encoding="utf-8")
    with pytest.raises(ImportRefuse, match="la colonne « graine » est inconnue"):
        read_answers(path, charge)


def test_a_value_out_of_scale_is_named_by_its_question(charge, odk, lime, tmp_path):
    path = exported(charge, "odk", odk, lime, {"D1.1": ("7", {})}, tmp_path / "export.csv")
    with pytest.raises(ImportRefuse, match=r"D1\.1"):
        read_answers(path, charge)


def test_answers_to_other_questions_than_todays_are_refused(charge, odk, lime, tmp_path):
    path = exported(charge, "kobo", odk, lime, {"D1.1": ("3", {})}, tmp_path / "export.csv")
    version = charge.referentiels.versions["maturite"]
    path.write_text(path.read_text(encoding="utf-8").replace(f'"{version}"', '"2025.01"'), encoding="utf-8")
    with pytest.raises(ImportRefuse, match="autre version des questions"):
        read_answers(path, charge)


def test_no_two_questions_share_a_name_in_a_tool(charge):
    cibles = {cible for mesure in charge.mesures for cible in mesure.cibles}
    for name in (xml_name, survey_code):
        assert len({fold(name(cible)) for cible in cibles}) == len(cibles)


def test_the_echo_asks_for_no_metadata_and_nobody_s_name(charge):
    enquete = echo_of(charge)
    survey = make_limesurvey(enquete).decode("utf-8-sig")
    settings_ = dict(line.split("\t")[2:5:2] for line in survey.splitlines() if line.startswith('"S"'))
    assert {settings_[f'"{name}"'] for name in ("datestamp", "ipaddr", "refurl", "savetimings")} == {'"N"'}
    assert settings_['"anonymized"'] == '"Y"'
    for read in (outils.read_xlsform(make_xlsform(enquete)), outils.read_limesurvey(make_limesurvey(enquete))):
        names = {name.split("/")[-1] for name in read.colonnes}
        assert not names & {"repondant", "qui", "start", "end", "deviceid", "username"}


@pytest.mark.parametrize("outil", OUTILS)
def test_an_echo_exported_again_with_new_answers_adds_only_those(tmp_path, outil):
    charge = charge_forme(tmp_path / "essai")
    enquete = echo_of(charge)
    read = (outils.read_limesurvey if outil == "limesurvey" else outils.read_xlsform)(
        (make_limesurvey if outil == "limesurvey" else make_xlsform)(enquete)
    )
    column = {name.split("/")[-1]: name for name in read.colonnes}
    rows = [{column["M1"]: str(level), column["M2"]: "NSP"} for level in (1, 2, 2, 2)]
    write = {"odk": outils.odk_central, "kobo": outils.kobo, "limesurvey": outils.limesurvey}[outil]
    more = {"anonyme": True} if outil == "limesurvey" else {}
    for count, new in ((2, 20), (4, 20), (4, 0)):
        path = outils.write(tmp_path / f"export{count}{new}.csv", write(read, rows[:count], **more))
        path.write_text(path.read_text(encoding="utf-8") + "\n" * (new == 0), encoding="utf-8")
        (line,) = record_files(charge, CAMPAGNE, [path])
        assert (line.nouvelles, line.inchangees) == (new, count * 10 - new)
    rows = anonymous_rows(open_store(charge))
    assert sorted(row["niveau"] for row in rows if row["cible"] == "M1") == [1.0, 2.0, 2.0, 2.0]
    database = (charge.chemin / "collecte.sqlite").read_bytes()
    for trace in (b"collect:abc", b"00000000-0000-0000", b"Compte public", b"09:12:45", b"7919"):
        assert trace not in database


def test_an_unfinished_answer_to_the_echo_is_refused_since_it_could_not_be_completed_later(tmp_path):
    charge = charge_forme(tmp_path / "essai")
    read = outils.read_limesurvey(make_limesurvey(echo_of(charge)))
    text = outils.limesurvey(read, [{"M1": "2"}, {"M1": "3"}], anonyme=True)
    path = outils.write(tmp_path / "export.csv", text.replace('"2","1980-01-01 00:00:00"', '"2",""'))
    with pytest.raises(ImportRefuse, match="pas terminée") as refus:
        read_answers(path, charge)
    assert [anomalie.ou for anomalie in refus.value.anomalies] == ["export.csv, ligne 3"]


def test_the_command_writes_a_file_a_role_and_says_which(tmp_path, capsys):
    charge = charge_forme(tmp_path / "essai")
    for format_, suffix in (("xlsform", ".xlsx"), ("limesurvey", ".txt")):
        out = tmp_path / format_
        assert main(["workbook", str(charge.chemin), STRUCTURE, "--format", format_, "--sortie", str(out)]) == 0
        written = {path.name for path in out.iterdir()}
        assert {f"drh_{role}_{format_}{suffix}" for role in ("DIR", "RH", "NUM", "echo")} <= written
        assert set(capsys.readouterr().out.split()) == {str(out / name) for name in written}


def test_an_unknown_role_is_refused_with_nothing_written(tmp_path, capsys):
    charge = charge_forme(tmp_path / "essai")
    out = tmp_path / "sortie"
    command = ["workbook", str(charge.chemin), STRUCTURE, "--role", "XX", "--format", "xlsform", "--sortie", str(out)]
    assert main(command) == 2
    assert "XX" in capsys.readouterr().err
    assert not out.exists()
    with pytest.raises(Introuvable):
        list_enquetes(charge, "ailleurs")


def test_an_id_that_limesurvey_cannot_hold_is_said_before_anything_is_written(charge):
    enquete = enquete_of(charge, "FOR")
    with pytest.raises(EntreeInvalide, match="n'admet pas cet identifiant"):
        make_limesurvey(replace(enquete, personnes=(("l'id", "Nom"),)))
