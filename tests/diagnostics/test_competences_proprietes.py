"""What holds for any structure: levels, unknowns, order, small groups, required levels, impact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vigie.diagnostics._competences_agents import months_until, urgency
from vigie.diagnostics._competences_calcul import Calcul, compute
from vigie.diagnostics._competences_exposition import class_ranks
from vigie.diagnostics.competences import diagnose
from vigie.dossier import Dossier
from vigie.referentiels import Referentiels

from .competences_dossiers import build
from .dossiers import shipped

COMPETENCES = ("A1", "A2", "B1", "E5", "F1", "G1", "H4")
METIERS = ("MET01", "MET04", "MET07", "MET13", "MET24", "MET25")
PUBLICS = ("", "", "", "MP", "RF", "MP RF", "ED")
DATES = ("", "", "2026-09-01", "2027-02-24", "2027-05-25")
PEU = settings(deadline=None, max_examples=30)
"""A whole diagnosis takes a twentieth of a second."""
NIVEAUX = st.one_of(st.integers(0, 4), st.sampled_from(["ne_sait_pas", "non_repondu", "masque"]))


@cache
def small() -> Referentiels:
    """The shipped referentiels cut down to a few competences and job families."""
    tout = shipped()
    competences = [competence for competence in tout.competences.competences if competence.id in COMPETENCES]
    metiers = [metier for metier in tout.metiers.metiers if metier.id in METIERS]
    return replace(
        tout,
        competences=tout.competences.model_copy(update={"competences": tuple(competences)}),
        metiers=tout.metiers.model_copy(update={"metiers": tuple(metiers)}),
    )


@st.composite
def groups(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Groups of alike agents, from 1 to 14 people, so that audiences fall on both sides of the threshold."""
    nombre = draw(st.integers(1, 6))
    return [
        {
            "id": f"g{numero}",
            "nombre": draw(st.sampled_from([1, 2, 5, 9, 10, 14])),
            "metier": draw(st.sampled_from(METIERS)),
            "publics": draw(st.sampled_from(PUBLICS)),
            "mise_en_service": draw(st.sampled_from(DATES)),
            "niveaux": draw(st.dictionaries(st.sampled_from(COMPETENCES), NIVEAUX)),
        }
        for numero in range(nombre)
    ]


@st.composite
def ratings(draw: st.DrawFn) -> list[dict[str, Any]]:
    notes = st.one_of(st.sampled_from([0, 0.25, 0.5, 0.75, 1]), st.just("ne_sait_pas"))
    parts = st.sampled_from([0.1, 0.2, 0.3])
    taches = [f"T{numero}" for numero in range(1, 6)]
    return [
        {
            "metier": draw(st.sampled_from(("MET01", "MET04", "MET07"))),
            "par": f"p{numero}",
            "notes": draw(st.fixed_dictionaries(dict.fromkeys(taches, notes))),
            "parts": draw(st.dictionaries(st.sampled_from(taches), parts)),
        }
        for numero in range(draw(st.integers(0, 4)))
    ]


def structure(agents: list[dict[str, Any]], cotations: list[dict[str, Any]] | None = None) -> Dossier:
    return build({"agents": agents, "cotations": cotations or []}, small())


def gaps(calcul: Calcul) -> pd.DataFrame:
    return calcul.lignes.set_index(["agent", "competence"]).sort_index()


@PEU
@given(groups(), st.data())
def test_raising_a_current_level_never_raises_a_gap_a_priority_or_the_load(
    agents: list[dict[str, Any]], data: st.DataObject
) -> None:
    avant = structure(agents)
    connues = avant.reponses.index[(avant.reponses["etat"] == "niveau") & (avant.reponses["niveau"] < 4)]
    if connues.empty:
        return
    reponses = avant.reponses.copy()
    reponses.loc[data.draw(st.sampled_from(list(connues))), "niveau"] += 1
    un, deux = gaps(compute(avant)), gaps(compute(avant.replace(reponses=reponses)))
    for colonne in ("ecart", "priorite"):
        assert (deux[colonne].fillna(0) <= un[colonne].fillna(0)).all()
    assert deux["priorite"].sum() <= un["priorite"].sum()


@PEU
@given(groups(), st.data())
def test_an_unknown_never_counts_as_a_gap(agents: list[dict[str, Any]], data: st.DataObject) -> None:
    dossier = structure(agents)
    calcul = compute(dossier)
    inconnues = calcul.lignes[calcul.lignes["actuel"].isna()]
    assert inconnues[["ecart", "priorite", "rang", "confiance"]].isna().all().all()
    connues = dossier.reponses.index[dossier.reponses["etat"] == "niveau"]
    if connues.empty:
        return
    reponses = dossier.reponses.copy()
    reponses.loc[data.draw(st.sampled_from(list(connues))), ["etat", "niveau"]] = ["ne_sait_pas", np.nan]
    apres = compute(dossier.replace(reponses=reponses))
    assert (apres.lignes["ecart"] >= 1).sum() <= (calcul.lignes["ecart"] >= 1).sum()


@PEU
@given(groups(), ratings(), st.randoms(use_true_random=False))
def test_the_order_of_agents_and_answers_changes_nothing(
    agents: list[dict[str, Any]], cotations: list[dict[str, Any]], hasard: Any
) -> None:
    dossier = structure(agents, cotations)
    melange = dossier.replace(
        agents=dossier.agents.sample(frac=1, random_state=hasard.randrange(1000)).reset_index(drop=True),
        reponses=dossier.reponses.sample(frac=1, random_state=hasard.randrange(1000)).reset_index(drop=True),
    )
    un, deux = diagnose(dossier), diagnose(melange)
    assert un.constats == deux.constats
    assert un.recommandations == deux.recommandations
    for (nom, table), (_, autre) in zip(un.tables(True), deux.tables(True), strict=True):
        pd.testing.assert_frame_equal(table, autre, obj=nom)


def known_people(dossier: Dossier, individuel: pd.DataFrame) -> dict[tuple[str, str], tuple[int, int]]:
    """(competence, audience) → people with a known level, people with a gap; counted apart from the calculation."""
    comptes: dict[tuple[str, str], tuple[int, int]] = {}
    for ligne in individuel.to_dict("records"):
        cle = (ligne["competence"], ligne["public"])
        connus, besoins = comptes.get(cle, (0, 0))
        connu = not np.isnan(ligne["actuel"])
        comptes[cle] = (connus + connu, besoins + (connu and ligne["actuel"] < ligne["requis"]))
    return comptes


@PEU
@given(groups())
def test_masked_counts_are_not_given_back_by_subtracting_printed_cells(agents: list[dict[str, Any]]) -> None:
    dossier = structure(agents)
    resultat = diagnose(dossier)
    seuil = resultat.seuil_effectif
    comptes = known_people(dossier, resultat.individuel)
    totaux = resultat.besoins.set_index("competence")
    for competence, lignes in resultat.synthese.groupby("competence"):
        masquees, connus_masques, reste = 0, 0, totaux.loc[competence, "besoin"]
        homogene = dossier.referentiels.competences.cotation.seuil_homogene
        for ligne in lignes.to_dict("records"):
            publics = (ligne["publics_regroupes"] or ligne["public"]).split()
            connus, besoins = np.sum([comptes[competence, public] for public in publics], axis=0)
            if ligne["etat"] == "masque":
                assert np.isnan([ligne[nom] for nom in ("actuel_median", "ecart_median", "effectif", "besoin")]).all()
                masquees, connus_masques = masquees + 1, connus_masques + connus
            else:
                assert connus >= seuil
                assert 0 < besoins < connus or connus >= homogene
                assert ligne["besoin"] == besoins
                reste -= besoins
        if masquees and not np.isnan(reste):
            assert masquees >= 2
            assert connus_masques >= seuil
            assert 0 < reste < connus_masques or connus_masques >= homogene


@PEU
@given(groups())
def test_totals_of_small_groups_are_not_printed(agents: list[dict[str, Any]]) -> None:
    dossier = structure(agents)
    resultat = diagnose(dossier)
    comptes = known_people(dossier, resultat.individuel)
    for besoin in resultat.besoins[resultat.besoins["famille"] != "F"].to_dict("records"):
        paires = [paire for (competence, _), paire in comptes.items() if competence == besoin["competence"]]
        connus, manques = map(sum, zip(*paires, strict=True))
        seuils = dossier.referentiels.competences.cotation
        seuil = seuils.seuil_effectif if 0 < manques < connus else seuils.seuil_homogene
        assert (besoin["etat"] == "publie") == (connus >= seuil)
        assert np.isnan(besoin["inconnus"]) == (besoin["etat"] == "masque")
        assert np.isnan(besoin["besoin"]) == (besoin["etat"] == "masque")


@PEU
@given(groups())
def test_the_required_level_is_the_highest_of_the_columns(agents: list[dict[str, Any]]) -> None:
    dossier = structure(agents)
    resultat = diagnose(dossier)
    publics_du_metier = resultat.metiers.set_index("metier")["public"]
    requis = dossier.referentiels.niveaux_requis.requis
    metiers = {metier.id: metier for metier in dossier.referentiels.metiers.metiers}
    trouves = resultat.individuel.set_index(["agent", "competence"])["requis"].to_dict()
    for agent in dossier.agents.to_dict("records"):
        metier = metiers[agent["metier"]]
        colonnes = {"TA", publics_du_metier[metier.id], *agent["publics"].split()}
        colonnes |= {"NP"} if metier.nouveau_profil else set()
        for competence in COMPETENCES:
            niveau = max([requis.get(competence, {}).get(colonne, 0) for colonne in colonnes])
            niveau = max(niveau, metier.requis.get(competence, 0))
            attendu = 0 if metier.jamais_cote or competence == "F1" else niveau
            assert trouves.get((agent["id"], competence), 0) == attendu


@PEU
@given(groups(), ratings())
def test_the_impact_is_the_class_or_one_notch_above(
    agents: list[dict[str, Any]], cotations: list[dict[str, Any]]
) -> None:
    rangs = class_ranks(small().metiers)
    exposition = compute(structure(agents, cotations)).exposition
    for metier in exposition.metiers.to_dict("records"):
        if metier["classe"]:
            hausse = rangs[metier["impact"]] - rangs[metier["classe"]]
            assert hausse in (0, 1)
            assert hausse == 0 or metier["impact_motif"]
    for cotation in exposition.cotations.to_dict("records"):
        classe = exposition.metiers.set_index("metier").loc[cotation["metier"], "classe"]
        assert rangs[classe] >= rangs[cotation["classe"]]
        assert 0 <= cotation["exposition"] <= 1


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(-400, 1200), st.integers(0, 24))
def test_a_date_is_within_n_months_when_it_is_not_after_that_many_months(jour: date, ecart: int, mois: int) -> None:
    ouverture = jour + timedelta(days=ecart)
    compte = months_until(pd.Series([pd.Timestamp(ouverture)]), jour).iloc[0]
    limite = pd.Timestamp(jour) + pd.DateOffset(months=mois)
    assert (compte <= mois) == (pd.Timestamp(ouverture) <= limite)


@given(st.lists(st.integers(-12, 36), min_size=2, max_size=2))
def test_a_later_opening_is_never_more_urgent(mois: list[int]) -> None:
    tot, tard = urgency(pd.Series(sorted(mois), dtype="float64"), shipped().competences.cotation)
    assert tot >= tard


@pytest.mark.parametrize(("jour", "attendu"), [(date(2027, 2, 28), 3), (date(2027, 3, 1), 4), (date(2026, 11, 30), 0)])
def test_a_short_month_ends_the_delay_on_its_last_day(jour: date, attendu: int) -> None:
    assert months_until(pd.Series([pd.Timestamp(jour)]), date(2026, 11, 30)).iloc[0] == attendu
