"""What the demonstration promises to show is really in its files (the comment of ministere.yaml says where)."""

from __future__ import annotations

from datetime import date

import pytest
from vigie.collecte.ministere import load_ministere
from vigie.referentiels import load_referentiels

from .demonstration_lue import DOSSIER, current, of, reponses, role_medians, table

AUJOURD_HUI = date(2026, 11, 24)
SEUIL = 10


def months_ahead(jour: str) -> int:
    """Whole months from the reference date, rounded up; negative once past."""
    ecart = date.fromisoformat(jour)
    mois = (ecart.year - AUJOURD_HUI.year) * 12 + ecart.month - AUJOURD_HUI.month
    return mois + (ecart.day > AUJOURD_HUI.day)


def test_it_says_everywhere_that_it_is_fictional() -> None:
    charge = load_ministere("demonstration")
    assert charge.ministere.fictif
    assert charge.ministere.nom == "Ministère de démonstration (fictif)"
    assert all("fictif" in structure.nom or "fictive" in structure.nom for structure in charge.structures.values())
    assert (DOSSIER / "ministere.yaml").read_text(encoding="utf-8").startswith("# Ministère de démonstration (fictif)")


def test_its_comment_says_what_each_structure_shows() -> None:
    texte = (DOSSIER / "ministere.yaml").read_text(encoding="utf-8")
    assert [id_ for id_ in table("structures.csv")["id"] if f"# - {id_} (" not in texte] == []


def test_it_has_twelve_structures_of_every_situation_and_many_kinds() -> None:
    structures = table("structures.csv")
    assert len(structures) == 12
    assert set(structures["situation"]) == set("abcd")
    assert structures["type"].nunique() >= 8
    effectifs = structures["effectif"].astype(int)
    assert (effectifs.min(), effectifs.max()) == (14, 210)


def test_it_has_about_1200_agents_of_the_25_families_on_several_sites() -> None:
    agents = table("agents.csv")
    assert 1150 <= len(agents) <= 1250
    assert set(agents["metier"]) == {metier.id for metier in load_referentiels().metiers.metiers}
    assert agents["id"].is_unique
    assert agents["id"].str.fullmatch(r"AG\d{4}").all()
    assert set(agents["sexe"]) == {"F", "H"}
    assert set(agents["categorie"]) == {"A", "B", "C"}
    assert (agents.groupby("structure")["site"].nunique() > 1).sum() >= 10
    assert "MET25" in set(agents["metier"])


def test_some_agents_belong_to_several_publics() -> None:
    publics = table("agents.csv")["publics"]
    assert {"MP", "RF", "ED", "NP"} <= set(" ".join(publics).split())
    assert publics.str.contains(" ").sum() >= 10


def test_roles_hold_two_to_four_respondents_where_the_size_allows() -> None:
    effectifs = table("structures.csv").set_index("id")["effectif"].astype(int)
    repondants = table("repondants.csv")
    questionnaire = repondants[~repondants["role"].isin(["ATELIER", "CONSULTANT"])]
    tailles = questionnaire.groupby(["structure", "role"]).size()
    assert tailles.max() == 4
    assert all(2 <= taille <= 4 for (structure, _), taille in tailles.items() if effectifs[structure] >= 40)
    assert repondants["fonction"].ne("").all()
    assert 0 < repondants["nom"].eq(repondants["fonction"]).sum() < len(repondants)


def test_files_come_in_the_formats_that_people_send() -> None:
    fichiers = [path for path in (DOSSIER / "reponses").iterdir() if path.is_file()]
    encodages = {path.name: path.read_bytes()[:3] == b"\xef\xbb\xbf" for path in fichiers if path.suffix == ".csv"}
    assert sum(path.suffix == ".xlsx" for path in fichiers) >= 2
    assert [nom for nom, marque in encodages.items() if not marque] == ["2026-11-13_csrh-sud_maturite.csv"]
    entetes = [path.read_bytes().split(b"\r\n")[0] for path in fichiers if path.suffix == ".csv"]
    assert any(b";cible;" in entete for entete in entetes)
    assert any(b";M1;" in entete for entete in entetes)
    assert any(b";A1;" in entete for entete in entetes)


def test_roles_disagree_by_two_levels_with_an_arbitrage() -> None:
    medianes = role_medians("dr-ouest", "D5.4")
    assert max(medianes.values()) - min(medianes.values()) >= 2
    arbitrage = of("dr-ouest", "arbitrage", cible="D5.4", role="ATELIER")
    assert len(arbitrage) == 1
    assert arbitrage["commentaire"].ne("").all()


def test_roles_disagree_by_two_levels_without_any_arbitrage() -> None:
    for item in ("D5.4", "D5.5", "D5.6"):
        medianes = role_medians("dr-est", item)
        assert max(medianes.values()) - min(medianes.values()) >= 2
    assert of("dr-est", "arbitrage").empty


@pytest.mark.parametrize("item", ["D3.6", "D6.6"])
def test_an_item_is_unknown_to_thirty_percent_outside_the_direction(item: str) -> None:
    hors_direction = of("dr-est", "niveau", cible=item).query("role != 'DIR'")
    assert hors_direction["etat"].isin(["ne_sait_pas", "non_repondu"]).mean() >= 0.3


def test_not_applicable_appears_only_where_allowed() -> None:
    lignes = current().query("etat == 'sans_objet'")
    maturite = load_referentiels().maturite
    admis = {item.id for item in (*maturite.items.values(), *maturite.echo.items) if item.sans_objet}
    assert set(lignes["cible"]) == admis
    ecole = of("ecole-formation", "niveau", etat="sans_objet")
    assert set(ecole["cible"]) == {"D2.4", "D3.7"}
    assert ecole["commentaire"].ne("").all()


def test_levels_are_claimed_without_a_document_or_without_an_indicator() -> None:
    sans_document = of("csrh-sud", "niveau").query("cible.str.startswith('D4.')")
    assert sans_document["preuve"].eq("").all()
    assert sans_document["niveau"].median() >= 3
    sans_indicateur = of("csrh-nord", "niveau").query("cible.str.startswith('D2.')")
    assert sans_indicateur.groupby("cible")["preuve"].max().ne("").all()
    assert sans_indicateur["indicateur"].eq("").all()
    assert sans_indicateur["niveau"].median() >= 4
    prouves = of("drh-centrale", "niveau").query("preuve != '' and indicateur != ''")
    assert len(prouves) >= 30


def test_a_whole_dimension_is_unknown() -> None:
    inconnue = of("scn-sirh", "niveau").query("cible.str.startswith('D7.')")
    assert len(inconnue) >= 20
    assert inconnue["etat"].eq("ne_sait_pas").all()


def test_a_structure_barely_answered() -> None:
    attendus = table("repondants.csv").query("structure == 'deleg-outre-mer'")
    exprimes = of("deleg-outre-mer", "niveau")
    assert exprimes["repondant"].nunique() < len(attendus) / 2
    assert exprimes["cible"].str[:2].nunique() <= 3


def test_a_structure_has_its_groups_under_the_threshold() -> None:
    assert 0 < of("mission-appui", "accord", cible="M1").shape[0] < SEUIL
    publics = table("agents.csv").query("structure == 'mission-appui'")["publics"]
    assert all(publics.str.contains(code).sum() < SEUIL for code in ("MP", "RF", "ED", "NP"))


def test_a_structure_has_no_project_at_all() -> None:
    assert table("structures.csv").set_index("id").loc["operateur-foncier", "situation"] == "a"
    assert of("operateur-foncier", "inventaire").empty
    assert not of("operateur-foncier", "accord").empty


def test_a_referentiel_is_in_force_and_compared_rule_by_rule() -> None:
    existe = of("drh-centrale", "referentiel")
    assert list(existe["valeur"]) == ["oui"]
    assert existe["preuve"].ne("").all()
    assert existe["commentaire"].ne("").all()
    assert set(of("drh-centrale", "repris")["valeur"]) == {"oui", "partiel", "non"}


def test_a_forbidden_use_case_is_marked() -> None:
    interdits = current().query("mesure == 'marque' and cible == 'interdiction' and valeur == 'oui'")
    assert list(zip(interdits["structure"], interdits["objet"], strict=True)) == [("etablissement-accueil", "U14")]


def test_the_recruitment_case_is_the_first_worked_example() -> None:
    cas = {"structure": "scn-recrutement", "objet": "L01"}
    marques = of(mesure="marque", valeur="oui", **cas)["cible"]
    declencheurs = {item.id for item in load_referentiels().regles.declencheurs}
    assert set(marques) == declencheurs - {"toujours", "ia_generative"}
    assert list(of(mesure="aggravant", valeur="oui", **cas)["cible"]) == ["annexe_III_4"]
    gravites = of(mesure="gravite", **cas)
    assert gravites["cible"].nunique() == 15
    assert gravites.groupby("cible").size().eq(3).all()


def test_the_writing_aid_is_the_second_worked_example() -> None:
    cas = {"structure": "drh-centrale", "objet": "U04"}
    assert list(of(mesure="marque", valeur="oui", **cas)["cible"]) == ["ia_generative"]
    assert set(of(mesure="gravite", **cas)["cible"]) == {"R01", "R02", "R05", "R07", "R09", "R14", "R33", "R38"}


def test_raters_stand_two_notches_apart_on_a_risk() -> None:
    cotes = of("scn-recrutement", "vraisemblance", objet="L01", cible="R11")["niveau"]
    assert cotes.max() - cotes.min() == 2


def test_a_consultant_overrides_a_level_and_a_risk_with_a_reason() -> None:
    forcages = current().query("mesure == 'forcage'")
    assert set(forcages["etape"]) == {"maturite", "risques_ethique"}
    assert set(forcages["role"]) == {"CONSULTANT"}
    assert forcages["commentaire"].str.len().min() > 40


def test_agents_position_themselves_by_several_modes() -> None:
    competences = current().query("etape == 'competences' and objet == ''")
    assert set(competences["mesure"]) == {"auto", "manager", "quiz", "situation"}
    douces = competences[competences["cible"].str.startswith("F")]
    assert set(douces["mesure"]) == {"auto"}
    mandats = set(table("agents.csv").query("metier == 'MET25'")["id"])
    assert not mandats & set(competences["repondant"])


def test_two_modes_stand_two_levels_apart() -> None:
    competences = current().query("etape == 'competences' and objet == ''")
    modes = competences.pivot(index=["repondant", "cible"], columns="mesure", values="niveau")
    assert (modes["auto"] - modes["quiz"]).abs().ge(2).sum() >= 5


def test_some_agents_cannot_position_themselves() -> None:
    auto = current().query("etape == 'competences' and mesure == 'auto'")
    par_agent = auto.assign(inconnu=auto["etat"].eq("ne_sait_pas")).groupby("repondant")["inconnu"].mean()
    assert par_agent.gt(0.3).sum() >= 10
    assert par_agent.median() < 0.1


def test_tools_open_within_three_months_within_six_later_and_in_the_past() -> None:
    ouvertures = {months_ahead(jour) for jour in table("agents.csv")["mise_en_service"] if jour}
    assert any(0 <= mois <= 3 for mois in ouvertures)
    assert any(3 < mois <= 6 for mois in ouvertures)
    assert any(mois > 6 for mois in ouvertures)
    assert any(mois < 0 for mois in ouvertures)
    assert table("agents.csv")["mise_en_service"].eq("").any()


def test_job_families_are_rated_by_independent_raters_whose_shares_sum_to_one() -> None:
    parts = current().query("mesure == 'part'")
    assert parts.groupby(["structure", "objet", "repondant"])["niveau"].sum().round(6).eq(1).all()
    coteurs = parts.groupby(["structure", "objet"])["repondant"].nunique()
    assert set(coteurs) >= {1, 3}
    assert set(current().query("mesure == 'nature'")["valeur"]) == {"A", "C", "H"}


def test_comments_are_what_people_write() -> None:
    commentaires = reponses()["commentaire"]
    assert commentaires.str.contains("[éèàêôûîç]").sum() > 100
    assert commentaires.str.contains("\n").any()
    assert commentaires.str.startswith("=").sum() >= 2
    assert commentaires.str.len().max() > 1000


def test_a_later_file_corrects_earlier_answers() -> None:
    cle = ["structure", "etape", "repondant", "objet", "cible", "mesure"]
    nominatives = reponses().query("repondant != ''")
    repetees = nominatives[nominatives.duplicated(cle, keep=False)]
    assert set(repetees["structure"]) == {"dr-ouest"}
    for _, versions in repetees.groupby(cle):
        avant, apres = versions["valeur"] + versions["etat"]
        assert avant != apres
        assert "correction" in versions["fichier"].iloc[-1]


def test_targets_and_validations_are_given_for_some_structures_only() -> None:
    cibles, validations = table("cibles.csv"), table("validations.csv")
    assert 3 <= cibles["structure"].nunique() < 12
    assert cibles["cible"].astype(int).between(1, 5).all()
    assert set(validations["etat"]) == {"valide", "projet"}
    assert set(validations["etape"]) == {"maturite", "competences"}


def test_answers_follow_the_structure_and_the_role_rather_than_chance() -> None:
    niveaux = current().query("etape == 'maturite' and mesure == 'niveau'").dropna(subset="niveau")
    par_structure = niveaux.groupby("structure")["niveau"].mean()
    assert par_structure["drh-centrale"] - par_structure["operateur-foncier"] > 1.5
    par_role = niveaux.groupby("role")["niveau"].mean()
    assert par_role["DIR"] > par_role["MAN"] > par_role["RP"]
    dans_le_role = niveaux.groupby(["structure", "role", "cible"])["niveau"].std().mean()
    assert 0.3 < dans_le_role < 0.8 < niveaux["niveau"].std()


def test_some_answers_are_missing_or_unknown() -> None:
    etats = current().query("etape == 'maturite' and mesure == 'niveau'")["etat"].value_counts(normalize=True)
    assert 0.03 < etats["ne_sait_pas"] < 0.2
    assert 0 < etats["non_repondu"] < 0.05
