"""A few hundred spoilt files in CI, as many as VIGIE_ESSAIS says in the long run.

Each is stored whole, or refused in French with exit 2, and what is refused changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vigie.referentiels import coherence

from . import modeles, mutations
from .banc import Banc

ESSAIS = int(os.environ.get("VIGIE_ESSAIS", "0"))
"""Cases of the long run, shared between the tests of this file; 0: the short run, always the same cases."""
pytestmark = pytest.mark.timeout(0 if ESSAIS else 300)


def essais(part: float, court: int) -> settings:
    """This part of the long run, or so many cases."""
    checks = list(HealthCheck)
    count = int(ESSAIS * part) or court
    return settings(
        max_examples=count, derandomize=not ESSAIS, database=None, deadline=None, suppress_health_check=checks
    )


@pytest.fixture(scope="module")
def banc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Banc]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("VIGIE_DATABASE_URL", raising=False)
        patch.setenv("VIGIE_SORTIE", str(tmp_path_factory.mktemp("resultats")))
        if ESSAIS:
            _remember_coherence(patch)
        yield Banc(tmp_path_factory.mktemp("banc") / "essai")


def _remember_coherence(patch: pytest.MonkeyPatch) -> None:
    """Half of a long run would check again referentiels that no case changes."""
    check, known = coherence.check_coherence, {}

    def remembered(referentiels):
        key = tuple(sorted(referentiels.empreintes.items()))
        if key not in known:
            known[key] = check(referentiels)
        return known[key]

    patch.setattr(coherence, "check_coherence", remembered)


@essais(0.3, 120)
@given(st.sampled_from(modeles.REPONSES), mutations.TABLE, mutations.ECRITURE, mutations.OCTETS)
def test_a_spoilt_csv_of_answers_is_stored_whole_or_refused(banc, rows, changes, ecriture, octets):
    data = mutations.write_csv(mutations.change_table(rows, changes), ecriture)
    with banc.emptied():
        banc.importer("recu.csv", mutations.change_bytes(data, octets))


@essais(0.15, 60)
@given(mutations.CELLULES, st.sampled_from([";", ",", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_every_row_and_every_text_of_a_csv_that_is_taken_is_in_the_store(banc, changes, separator, encoding):
    table = mutations.change_table(modeles.LONG, changes)
    with banc.emptied():
        taken = banc.importer("recu.csv", mutations.write_csv(table, (separator, encoding, "\r\n")))
        if taken is None:
            return
        header, *rows = table
        assert taken == sum(any(map(bare, row)) for row in rows)
        kept = {bare(text) for text in banc.texts()}
        for name in ("commentaire", "preuve", "indicateur"):
            assert {bare(row[header.index(name)]) for row in rows} <= {*kept, ""}


def bare(text: str) -> str:
    """Without what is not read: spaces, line ends, invisible signs around."""
    return "".join(text.replace("\u200b", "").replace("\ufeff", "").split())


@essais(0.25, 60)
@given(mutations.CLASSEUR, mutations.OCTETS, st.sampled_from([".xlsx", ".xlsx", ".xlsx", ".csv"]))
def test_a_spoilt_workbook_is_stored_whole_or_refused(banc, changes, octets, suffix):
    data = mutations.change_workbook(banc.classeur, changes)
    with banc.emptied():
        banc.importer(f"recu{suffix}", mutations.change_bytes(data, octets))


@essais(0.15, 60)
@given(st.sampled_from(sorted(modeles.PARAMETRES)), mutations.YAML, mutations.OCTETS)
def test_spoilt_parameters_are_good_or_refused(banc, name, changes, octets):
    data = mutations.change_yaml(modeles.PARAMETRES[name], changes)
    banc.verifier(name, mutations.change_bytes(data, octets))


@essais(0.05, 60)
@given(st.sampled_from(sorted(modeles.REFERENTIELS)), mutations.LONG_YAML, mutations.OCTETS)
def test_a_spoilt_referentiel_of_the_ministry_is_good_or_refused(banc, name, changes, octets):
    data = mutations.change_yaml(modeles.REFERENTIELS[name], changes)
    banc.verifier(name, mutations.change_bytes(data, octets))


@essais(0.1, 60)
@given(st.sampled_from(sorted(modeles.TABLES)), mutations.TABLE, mutations.ECRITURE, mutations.OCTETS)
def test_a_spoilt_table_of_the_ministry_is_good_or_refused(banc, name, changes, ecriture, octets):
    data = mutations.write_csv(mutations.change_table(modeles.TABLES[name], changes), ecriture)
    banc.verifier(name, mutations.change_bytes(data, octets))


def test_the_good_files_that_mutations_start_from_are_taken(banc):
    for rows, count in ((modeles.LONG, 6), (modeles.LARGE, 4), (modeles.EXPORT, 4)):
        with banc.emptied():
            assert banc.importer("recu.csv", mutations.write_csv(rows, (";", "utf-8", "\n"))) == count
    with banc.emptied():
        assert banc.importer("recu.xlsx", mutations.zip_parts(banc.classeur)) is not None
    for name, text in (modeles.PARAMETRES | modeles.REFERENTIELS).items():
        assert banc.verifier(name, text.encode())
    for name, rows in modeles.TABLES.items():
        assert banc.verifier(name, mutations.write_csv(rows, (";", "utf-8", "\n")))
