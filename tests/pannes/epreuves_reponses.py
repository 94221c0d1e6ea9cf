"""Answers being recorded: files imported, a form filled in, anonymous forms sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from vigie.collecte import open_store
from vigie.collecte.journal import read_journal
from vigie.collecte.reception import import_files
from vigie.collecte.signalements import read_signalements
from vigie.forms.modele import Champ
from vigie.forms.seance import Seance

from tests.collecte.ministere_essai import CAMPAGNE, accord, anonymous_rows, long_csv, niveau, write_ministere
from tests.forms.ministere_forme import demande, write_forme

from .epreuves import CIBLES, Acquitte, Epreuve, everything


class Import(Epreuve):
    """Files imported two by two, each pair correcting the one before."""

    nom = "import"
    PAIRES = 8

    def prepare(self) -> None:
        write_ministere(self.ministere)
        open_store(self.charge)
        for rang in range(self.PAIRES):
            named = [niveau("rh1", "RH", cible, str(1 + rang % 5), commentaire=f"{rang}") for cible in CIBLES]
            anonymous = [accord(f"M{n}", str(1 + (rang + n) % 5), commentaire=f"{rang}") for n in (1, 2, 3)]
            for lettre, lines in (("a", named), ("b", anonymous)):
                (self.dossier / f"{rang:02d}{lettre}.csv").write_text(long_csv(*lines), encoding="utf-8")

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        for rang in range(self.PAIRES):
            paths = [self.dossier / f"{rang:02d}{lettre}.csv" for lettre in "ab"]
            import_files(str(self.ministere), paths)
            acquitte(f"{rang:02d}")

    def suite(self, depuis: int) -> Sequence[str]:
        return [f"{rang:02d}" for rang in range(depuis, self.PAIRES)]

    def verifie(self, acquis: Sequence[str]) -> None:
        self.verifie_base()
        store = self.store
        history = store.history(CAMPAGNE, "drh")
        named = history["commentaire"].value_counts()
        anonymous = Counter(row["commentaire"] for row in anonymous_rows(store))
        there = [f"{int(one):02d}" for one in named.index]
        assert set(acquis) <= set(there)
        assert sorted(there) == [f"{rang:02d}" for rang in range(len(there))]
        assert len(there) <= len(acquis) + 1
        assert set(named) <= {len(CIBLES)}
        assert dict(anonymous) == dict.fromkeys(named.index, 3)
        assert len(store.known_lots()) == 2 * len(there)

    def etat(self) -> Any:
        store = self.store
        history = store.history(CAMPAGNE, "drh")
        return (
            everything(store, CAMPAGNE),
            list(zip(history["nom"], history["cible"], history["niveau"], history["actuelle"], strict=True)),
            read_journal(store)[["acte", "objet"]].to_numpy().tolist(),
        )


class Formulaire(Epreuve):
    """A form filled in, one change after the other, then sent."""

    nom = "formulaire"
    TOURS = 6

    def prepare(self) -> None:
        write_forme(self.ministere)
        open_store(self.charge)

    @property
    def changements(self) -> list[tuple[str, str]]:
        return [(cible, str(1 + (tour + rang) % 5)) for tour in range(self.TOURS) for rang, cible in enumerate(CIBLES)]

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        seance = Seance(self.charge, demande(self.ministere, "maturite", "RH", "rh1"))
        (etat,) = seance.receive({"t": "ouvrir"})
        bases = {cle: stored["id"] for cle, stored in etat["reponses"].items()}
        for rang, (cible, valeur) in list(enumerate(self.changements))[depuis:]:
            cle = f"|{cible}|niveau"
            said = {"etat": "niveau", "valeur": valeur, "commentaire": f"{rang}", "preuve": "", "indicateur": ""}
            (reply,) = seance.receive(
                {"t": "changer", "n": rang, "cle": cle, "base": bases.get(cle, 0), "valeur": said}
            )
            assert reply["t"] == "enregistre", reply
            bases[cle] = reply["id"]
            acquitte(f"{cible}={valeur}")
        (reply,) = seance.receive({"t": "envoyer", "jeton": "e" * 32})
        assert reply["t"] == "recu", reply
        acquitte("envoi")

    def suite(self, depuis: int) -> Sequence[str]:
        return [*(f"{cible}={valeur}" for cible, valeur in self.changements), "envoi"][depuis:]

    def verifie(self, acquis: Sequence[str]) -> None:
        self.verifie_base()
        history = self.store.history(CAMPAGNE, "drh")
        levels = history[history["mesure"] == "niveau"]
        there = [f"{row['cible']}={row['niveau']:.0f}" for row in levels.to_dict("records")]
        there += ["envoi"] * int((history["mesure"] == "envoi").sum())
        assert there[: len(acquis)] == list(acquis)
        assert there == list(self.suite(0))[: len(there)]
        assert len(there) <= len(acquis) + 1

    def etat(self) -> Any:
        acts = read_journal(self.store)["acte"].tolist().count("envoi")  # who opens again reads again
        return everything(self.store, CAMPAGNE), acts


class Remise(Epreuve):
    """Anonymous forms and reports sent whole; one sent again with its token is the same one."""

    nom = "remise anonyme"
    ENVOIS = 8

    def prepare(self) -> None:
        write_forme(self.ministere)
        open_store(self.charge)

    def travaille(self, acquitte: Acquitte, depuis: int) -> None:
        for rang in range(depuis, self.ENVOIS):
            seance = Seance(self.charge, demande(self.ministere, "signalement" if rang % 2 else "maturite"))
            champs = seance.questionnaire.champs.values()
            given = {champ.cle: answer_to(champ, rang) for champ in champs}
            (reply,) = seance.receive({"t": "remettre", "jeton": f"{rang:032x}", "reponses": given})
            assert reply["t"] == "recu", reply
            acquitte(str(reply["numero"]) or "echo")

    def suite(self, depuis: int) -> Sequence[str]:
        return ["echo"] * (self.ENVOIS - depuis)

    def verifie(self, acquis: Sequence[str]) -> None:
        self.verifie_base()
        reports = read_signalements(self.store).groupby("numero")["champ"].count()
        assert {one for one in acquis if one != "echo"} <= set(reports.index)
        assert reports.nunique() <= 1  # each report has all its fields
        forms = Counter(row["niveau"] for row in anonymous_rows(self.store))
        assert set(forms.values()) <= {10}  # each form, whose level is its own, has its ten answers
        assert len(acquis) <= len(reports) + len(forms) <= len(acquis) + 1

    def etat(self) -> Any:
        reports = read_signalements(self.store)
        return everything(self.store, CAMPAGNE), sorted(map(str, reports.drop(columns="jour").to_numpy().tolist()))


def answer_to(champ: Champ, rang: int) -> dict[str, str]:
    """An answer that the question admits; of a report, the same fields each time."""
    choices = champ.valeurs
    level = champ.mesure == "accord"
    valeur = choices[rang % len(choices) if level else 0] if choices else f"Dit {rang}"
    return {"etat": "niveau", "valeur": valeur, "commentaire": "", "preuve": "", "indicateur": ""}
