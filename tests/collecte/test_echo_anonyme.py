"""Someone who holds everything an administrator holds tries to put the anonymous écho together again, and cannot.

They have the tables with their ids, the files of the base as bytes, PostgreSQL's own columns, the backup, the audit
log, the invitations, former reports; they know who came in which order. What they try: the k-th answer to one
statement goes with the k-th to another; neighbours go together; the k-th answer is the k-th person's; the last written
rows are the last person's. Each is counted against chance.
"""

from __future__ import annotations

import itertools
import json
import math
import random
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from vigie.collecte import MinistereCharge, Saisie, Store, form_lot, open_store
from vigie.collecte.dossier import make_dossier
from vigie.collecte.invitations import read_invitations
from vigie.collecte.journal import read_journal
from vigie.collecte.sauvegarde import back_up
from vigie.collecte.suivi import count_echos
from vigie.collecte.urne import Palier
from vigie.diagnostics.accueil import shown_count
from vigie.diagnostics.maturite import diagnose
from vigie.forms.invitations import invite

from .ministere_essai import CAMPAGNE, accord, anonymous_rows, niveau
from .test_store import record

SEUIL, HOMOGENE = 10, 20
PERSONNES = 38
"""Three waves of ten leave, and eight people wait."""
ECARTS = 5
"""How many standard deviations above chance are taken for a success."""
Trouve = tuple[str, int]
"""Statement, person who answered it: the truth that the attack does not look at."""


def answers_of(charge: MinistereCharge, person: int) -> list[Saisie]:
    """Levels of all kinds, and a comment that only serves to know the truth."""
    drawn = random.Random(person)  # noqa: S311
    items = [item.id for item in charge.referentiels.maturite.echo.items]
    given = ((item, str(drawn.randint(1, 5))) for item in items)
    return [Saisie(**accord(item, value, commentaire=f"<{item}:{person}>")) for item, value in given]


def submit(store: Store, charge: MinistereCharge, person: int) -> None:
    store.record(CAMPAGNE, form_lot(charge, answers_of(charge, person), jeton=f"jeton-{person}"))


@pytest.fixture
def recueil(store: Store, charge: MinistereCharge) -> Iterator[Store]:
    """Anonymous forms between named answers, while a reader keeps the base open as a server does."""
    invite(charge)
    reader = store.engine.connect()
    for person in range(PERSONNES):
        record(store, charge, f"n{person}.csv", niveau("rh1", "RH", "D1.1", "3", commentaire=f"Avis {person}"))
        submit(store, charge, person)
        reader.execute(text("SELECT count(*) FROM lots"))
        reader.rollback()
    yield store
    reader.close()


def truth(label: str) -> Trouve:
    item, person = label.strip("<>").split(":")
    return item, int(person)


def orders(store: Store, charge: MinistereCharge, folder: Path) -> Iterator[tuple[str, list[Trouve]]]:
    """Every order in which someone may find the rows: (name, rows)."""
    for table in ("urne", "echos"):
        ways = ["ORDER BY id", "", "ORDER BY niveau, id"]
        ways += ["ORDER BY ctid", "ORDER BY xmin::text::bigint, ctid"] * (store.engine.dialect.name == "postgresql")
        with store.engine.connect() as connection:
            for way in ways:
                rows = connection.execute(text(f"SELECT commentaire FROM {table} {way}")).scalars()  # noqa: S608
                yield f"{table} {way}", [truth(row) for row in rows]
        if store.engine.dialect.name == "sqlite":
            content = (charge.chemin / "collecte.sqlite").read_bytes()
            labels = [row["commentaire"] for row in anonymous_rows(store) if row["table"] == table]
            labels.sort(key=lambda one: content.index(one.encode()))
            yield f"{table}, octets", [truth(one) for one in labels]
    back_up(charge, folder / "copie.zip")
    with zipfile.ZipFile(folder / "copie.zip") as archive:
        for name in ("urne", "echos"):
            lines = archive.read(f"store/{name}.jsonl").splitlines()
            yield f"sauvegarde, {name}", [truth(json.loads(line)["commentaire"]) for line in lines]


def successes(rows: Sequence[Trouve]) -> Iterator[tuple[str, int, int, float]]:
    """(attack, hits, tries, chance of one) of each way to put rows together."""
    people: dict[str, list[int]] = {}
    for item, person in rows:
        people.setdefault(item, []).append(person)
    columns = list(people.values())
    for column in columns:
        assert len(column) == len(set(column))
    chance = 1 / len(columns[0])
    pairs = [(one, other) for one, other in itertools.combinations(columns, 2) if len(one) == len(other)]
    hits = sum(a == b for one, other in pairs for a, b in zip(one, other, strict=True))
    tries = sum(len(one) for one, _ in pairs)
    yield "le même rang à deux énoncés", hits, tries, chance
    neighbours = list(itertools.pairwise(rows))
    yield "deux lignes voisines", sum(a[1] == b[1] for a, b in neighbours), len(neighbours), chance
    arrivals = [(rank, person, sorted(column)) for column in columns for rank, person in enumerate(column)]
    hits = sum(known[rank] == one for rank, one, known in arrivals)
    yield "l'ordre d'arrivée", hits, len(arrivals), chance
    for where, place in (("les premières", 0), ("les dernières", -1)):
        last = sum(column[place] == max(column) for column in columns)
        yield f"{where} lignes, à la dernière personne", last, len(columns), chance


def found(rows: Sequence[Trouve]) -> list[str]:
    return [
        f"{attack} : {hits} sur {tries} pour {chance:.0%} par hasard"
        for attack, hits, tries, chance in successes(rows)
        if hits - tries * chance > ECARTS * math.sqrt(tries * chance * (1 - chance))
    ]


def test_nothing_an_administrator_holds_puts_the_answers_of_one_person_together(
    recueil: Store, charge: MinistereCharge, tmp_path: Path
) -> None:
    seen = dict(orders(recueil, charge, tmp_path))
    assert {name: told for name, rows in seen.items() if (told := found(rows))} == {}
    waiting, published = (Counter(person for _, person in seen[f"{name} ORDER BY id"]) for name in ("urne", "echos"))
    assert len(waiting) < len(published) <= PERSONNES
    assert waiting.total() + published.total() == PERSONNES * len(charge.referentiels.maturite.echo.items)


def test_the_attack_succeeds_on_rows_kept_as_they_come(charge: MinistereCharge) -> None:
    rows = [truth(saisie.commentaire) for person in range(8) for saisie in answers_of(charge, person)]
    assert len(found(rows)) == 4
    assert found(random.Random(1).sample(rows, len(rows))) == []  # noqa: S311


def test_no_file_of_the_base_keeps_the_rows_of_one_submission(recueil: Store, charge: MinistereCharge) -> None:
    """Neither a former state of the urn, nor a journal of writes: each answer is there once."""
    if recueil.engine.dialect.name == "postgresql":
        with recueil.engine.connect() as connection:
            connection.execute(text("CHECKPOINT"))
            folder = connection.execute(text("SHOW data_directory")).scalar_one()
            for table in ("urne", "echos"):
                file = connection.execute(text(f"SELECT pg_relation_filepath('{table}')")).scalar_one()
                content = Path(folder, file).read_bytes()
                labels = [row["commentaire"] for row in anonymous_rows(recueil) if row["table"] == table]
                assert [content.count(label.encode()) for label in labels] == [1] * len(labels)
                assert content.count(b"<M") == len(labels)
                query = f"SELECT count(DISTINCT xmin::text) FROM {table} GROUP BY cible"  # noqa: S608
                assert set(connection.execute(text(query)).scalars()) == {1}, "one transaction wrote them all"
        return
    content = b"".join(path.read_bytes() for path in charge.chemin.glob("collecte.sqlite*"))
    assert {row["commentaire"]: content.count(row["commentaire"].encode()) for row in anonymous_rows(recueil)} == {
        row["commentaire"]: 1 for row in anonymous_rows(recueil)
    }
    assert (charge.chemin / "collecte.sqlite-wal").stat().st_size == 0, "the reader keeps it, emptied"


def test_no_other_table_says_that_someone_sent_an_echo_nor_when(recueil: Store, charge: MinistereCharge) -> None:
    with recueil.engine.connect() as connection:
        lots = connection.execute(text("SELECT id, nom FROM lots ORDER BY id")).all()
        receipts = connection.execute(text("SELECT * FROM remises ORDER BY id")).mappings().all()
    assert [nom for _, nom in lots] == [f"n{person}.csv" for person in range(PERSONNES)]
    assert [id_ for id_, _ in lots] == list(range(lots[0][0], lots[0][0] + PERSONNES)), "no gap where an écho came"
    assert set(receipts[0]) == {"id", "ministere", "campagne", "empreinte"}
    assert set(read_journal(recueil)["acte"]) <= {"import", "invitation"}
    assert "AG" not in read_journal(recueil).to_csv()
    links = read_invitations(recueil)
    assert set(links.loc[links["repondant"] == "", "role"]) == {"AG"}
    assert not [name for name in links.columns if "dernier" in name or "visite" in name], "no last use is kept"
    columns = {name for row in anonymous_rows(recueil) for name in row}
    assert not columns & {"repondant", "lot", "date", "enregistre_le", "objet", "jour"}


def published(store: Store, charge: MinistereCharge) -> Mapping[str, Any]:
    """What any report, cockpit or rerun may tell of the écho."""
    dossier = make_dossier(charge, charge.structure("drh"), CAMPAGNE, store.answers(CAMPAGNE, "drh"))
    return {
        "rapport": diagnose(dossier).to_json(),
        "empreinte": store.fingerprint(CAMPAGNE, "drh"),
        "accueil": shown_count(count_echos(store, CAMPAGNE).get("drh", 0), SEUIL),
    }


def test_a_report_before_and_after_one_more_answer_is_the_same_or_changes_by_ten(
    charge: MinistereCharge, sqlite_seul: None
) -> None:
    store = open_store(charge)
    seen = [published(store, charge)]
    for person in range(PERSONNES):
        submit(store, charge, person)
        seen.append(published(store, charge))
    counts = [sorted(row["effectif"] or 0 for row in one["rapport"]["tables"]["echo"]) for one in seen]
    changes = [place for place, (before, after) in enumerate(itertools.pairwise(seen)) if before != after]
    assert 3 <= len(changes) < PERSONNES / 2
    assert [one["accueil"] for one in (seen[0], seen[1], seen[9], seen[10], seen[19], seen[38])] == [
        *["moins de 10"] * 3,
        *["au moins 10"] * 2,
        "au moins 30",
    ]
    for before, after in itertools.pairwise(counts):
        assert all(new == old or new - old >= SEUIL for old, new in zip(before, after, strict=True))


niveaux = st.lists(st.one_of(st.integers(1, 5), st.just("sans_objet")), max_size=70)


@given(niveaux)
def test_what_leaves_the_urn_together_is_never_few_nor_of_one_kind(given_: list[Any]) -> None:
    palier = Palier(SEUIL, HOMOGENE, 3)
    waiting: list[dict[str, Any]] = []
    for value in given_:
        etat = "niveau" if isinstance(value, int) else value
        waiting.append({"etat": etat, "niveau": value if etat == "niveau" else None})
        if palier.reached(waiting):
            rated = [row["niveau"] for row in waiting if row["etat"] == "niveau"]
            agree = sum(one > 3 for one in rated)
            assert len(rated) >= SEUIL or (not rated and len(waiting) >= HOMOGENE)
            assert len(rated) >= HOMOGENE or not rated or 0 < agree < len(rated)
            waiting = []
    assert len([row for row in waiting if row["etat"] == "niveau"]) < HOMOGENE


def test_the_same_answers_give_the_same_ids_whatever_the_order_and_the_tokens(
    charge: MinistereCharge, sqlite_seul: None
) -> None:
    made = []
    for shuffle in (0, 1):
        people = random.Random(shuffle).sample(range(8), 8)  # noqa: S311
        store = open_store(charge)
        for person in people:
            store.record(CAMPAGNE, form_lot(charge, answers_of(charge, person)))
        made.append(anonymous_rows(store))
        for path in charge.chemin.glob("collecte.sqlite*"):
            path.unlink()
    assert made[0] == made[1]
    assert made[0]


def test_the_day_that_a_file_gives_to_an_anonymous_answer_is_not_kept(
    charge: MinistereCharge, sqlite_seul: None
) -> None:
    store = open_store(charge)
    record(store, charge, "echo.csv", *(accord("M1", str(1 + n % 5), date="2026-11-02") for n in range(10)))
    frame = store.answers(CAMPAGNE, "drh")
    assert len(frame) == 10
    assert set(frame["repondant"]) | set(frame["date"]) == {""}
    with sqlite3.connect(charge.chemin / "collecte.sqlite") as connection:
        assert "2026-11-02" not in "\n".join(connection.iterdump())
    connection.close()


def test_an_echo_of_an_earlier_schema_stays_and_its_receipts_leave_the_numbered_lots(
    charge: MinistereCharge, sqlite_seul: None
) -> None:
    from .test_base_de_donnees import migrate

    migrate(charge, "0005")
    with sqlite3.connect(charge.chemin / "collecte.sqlite") as connection:
        for id_, nom, lignes in ((1, "a.csv", 1), (2, "formulaire", 20), (3, "export.csv", 0), (4, "echo.csv", 20)):
            connection.execute(
                "INSERT INTO lots VALUES (?, 'essai', ?, ?, ?, '2026-11-02', ?, '{}')",
                (id_, CAMPAGNE, f"h{id_}", nom, lignes),
            )
        connection.execute(
            "INSERT INTO echos VALUES (7, 'essai', ?, 'drh', 'AG', 'maturite', 'M1', 'accord', 'niveau', 4, '', "
            "'2026-11-02', 'v')",
            (CAMPAGNE,),
        )
    connection.close()
    store = open_store(charge)
    assert set(store.known_lots()) == {"h1", "h4"}
    assert store.answers(CAMPAGNE, "drh")["niveau"].tolist() == [4.0]
    with store.engine.connect() as connection:
        assert set(connection.execute(text("SELECT empreinte FROM remises")).scalars()) == {"h2", "h3"}


def test_a_form_sent_again_is_recorded_once(charge: MinistereCharge, store: Store) -> None:
    for _ in range(2):
        submit(store, charge, 1)
    assert len(anonymous_rows(store)) == len(charge.referentiels.maturite.echo.items)
    lot = form_lot(charge, answers_of(charge, 1), jeton="jeton-1")
    assert str(store.record(CAMPAGNE, lot)) == "formulaire : déjà enregistré, rien ne change."
