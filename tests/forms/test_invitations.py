"""Links: one a person, signed, with a day, withdrawn for good; what they open is checked against the store."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer
from vigie.collecte import load_ministere, open_store
from vigie.errors import Introuvable, ParametreInvalide
from vigie.forms import cle, liens
from vigie.forms.invitations import invite, link_of, list_links, withdraw, write_mailing

CLE = "0123456789abcdef" * 4


@pytest.fixture
def charge(ministere, monkeypatch):
    monkeypatch.setenv("VIGIE_CLE", CLE)
    return load_ministere(ministere)


def jeton(charge, invitation) -> str:
    return link_of(charge, invitation).rsplit("/", 1)[1]


def ouvrir(charge, token: str):
    return liens.open_token(open_store(charge), CLE, token)


def of(invitations, repondant: str):
    return next(one for one in invitations if one.repondant == repondant)


def test_a_person_gets_one_link_for_every_form_that_is_theirs(charge):
    made = invite(charge, ["drh"])
    assert of(made, "rh1").etapes == ("maturite", "risques_ethique")
    assert of(made, "for1").etapes == ("maturite", "risques_ethique", "plan_formation")
    assert of(made, "dir1").etapes == ("maturite", "risques_ethique", "validation")
    assert of(made, "AG1").etapes == ("competences",)
    anonymous = [one for one in made if not one.repondant]
    assert sorted(one.etapes for one in anonymous) == [("maturite",), ("signalement",)]
    assert {one.structure for one in made} == {"drh"}


def test_asking_again_gives_the_same_links_and_records_nothing(charge):
    first = invite(charge, ["drh"], ["maturite"], ["RH"])
    assert invite(charge, ["drh"], ["maturite"], ["RH"]) == first
    assert len(list_links(charge)) == len(first)


def test_a_link_opens_what_it_says(charge):
    rh = of(invite(charge, ["drh"]), "rh1")
    assert ouvrir(charge, jeton(charge, rh)) == rh


def test_a_link_withdrawn_opens_nothing_and_the_others_still_do(charge):
    made = invite(charge, ["drh"], ["maturite"])
    rh, formation = of(made, "rh1"), of(made, "for1")
    assert withdraw(charge, [rh.numero]) == [rh.numero]
    with pytest.raises(liens.LienRefuse) as refus:
        ouvrir(charge, jeton(charge, rh))
    assert refus.value.motif == "lien_retire"
    assert ouvrir(charge, jeton(charge, formation)) == formation
    table = list_links(charge).set_index("numero")
    assert table.loc[rh.numero, "lien"] == ""
    assert table.loc[formation.numero, "lien"].endswith(jeton(charge, formation))
    assert of(invite(charge, ["drh"], ["maturite"]), "rh1").numero != rh.numero, "a new link, not the old one"
    with pytest.raises(ParametreInvalide):
        withdraw(charge, [rh.numero])


def test_a_link_past_its_day_opens_nothing(charge, monkeypatch):
    rh = of(invite(charge, ["drh"], ["maturite"]), "rh1")
    later = datetime.now(UTC) + timedelta(days=400)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return later

    monkeypatch.setattr("vigie.collecte.invitations.datetime", Later)
    with pytest.raises(liens.LienRefuse) as refus:
        ouvrir(charge, jeton(charge, rh))
    assert refus.value.motif == "lien_expire"


def test_what_was_not_signed_with_our_key_or_was_changed_opens_nothing(charge):
    rh = of(invite(charge, ["drh"], ["maturite"]), "rh1")
    good = jeton(charge, rh)
    content = URLSafeSerializer(CLE, salt="vigie.invitation").loads(good)
    forged = URLSafeSerializer("f" * 64, salt="vigie.invitation").dumps(content)
    never_recorded = URLSafeSerializer(CLE, salt="vigie.invitation").dumps(
        [content[0], {**content[1], "structure": "centre-sud"}]
    )
    other_ministry = URLSafeSerializer(CLE, salt="vigie.invitation").dumps(["autre", content[1]])
    changed = ("A" if good[0] != "A" else "B") + good[1:]
    for token in (forged, never_recorded, other_ministry, changed, good[:-1], "", "a.b", good + "é"):
        with pytest.raises(liens.LienRefuse) as refus:
            ouvrir(charge, token)
        assert refus.value.motif == "lien_invalide"


def test_the_mailing_is_private_names_people_and_never_stands_with_the_results(charge, tmp_path, monkeypatch):
    invite(charge, ["drh"], ["maturite"])
    path = tmp_path / "liens.csv"
    write_mailing(list_links(charge, adresse="https://formulaires.exemple.invalid/"), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8-sig")
    assert "Cheffe de service" in text
    assert "https://formulaires.exemple.invalid/i/" in text
    with pytest.raises(ParametreInvalide, match="résultats"):
        write_mailing(list_links(charge), tmp_path / "resultats" / "liens.csv")


def test_nothing_is_recorded_when_a_name_is_wrong(charge):
    for arguments in ({"structures": ["drh", "dhr"]}, {"etapes": ["maturité"]}, {"roles": ["CHEF"]}):
        with pytest.raises((ParametreInvalide, Introuvable)):
            invite(charge, **arguments)
    with pytest.raises(ParametreInvalide):
        invite(charge, jusqu_au=date(2020, 1, 1))
    assert list_links(charge).empty


def test_the_key_is_made_once_for_its_owner_alone_and_refused_when_others_may_read_it(ministere, monkeypatch):
    monkeypatch.delenv("VIGIE_CLE", raising=False)
    made = cle.read_key(ministere)
    path = ministere / ".vigie-cle"
    assert len(made) >= 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert cle.read_key(ministere) == made
    path.chmod(0o644)
    with pytest.raises(ParametreInvalide, match="chmod 600"):
        cle.read_key(ministere)
    monkeypatch.setenv("VIGIE_CLE", "courte")
    with pytest.raises(ParametreInvalide, match="trop courte"):
        cle.read_key(ministere)
