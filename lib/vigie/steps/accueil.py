"""The campaign's cockpit: structures × forms, who is missing, what to do next, and the buttons that do it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import pandas as pd
from markupsafe import Markup

from ..batch.etapes import list_etapes
from ..batch.manifest import Manifeste, read_manifest
from ..collecte import MinistereCharge, load_ministere, open_store, synchronise
from ..collecte.journal import note
from ..collecte.suivi import count_echos, read_participation
from ..diagnostics import accueil as calcul
from ..paths import notebooks_dir, output_dir
from ..referentiels.ministere import Campagne
from ..rendering.formats import long_date, percent, plural
from ..rendering.html import Content, definitions, element, folded
from ..rendering.tables import Column, Columns, Table, lines, table
from ..rendering.views import View, bullets, key_figures, paragraph, tabular
from ._accueil_boutons import make_merge_panel, make_run_panel
from .base import style
from .ministere import short_name

INDEX = "index.html"


class EtapeAccueil:
    """Not a diagnosis: it has no Resultat, saves nothing in the results, and no batch runs it."""

    def __init__(self, charge: MinistereCharge, campagne: Campagne) -> None:
        self.charge = charge
        self.campagne = campagne
        self.ministere = charge.ministere
        self.referentiels = charge.referentiels
        self.codes = charge.referentiels.libelles.codes

    @classmethod
    def open(cls, ministere: str, structure: str, campagne: str) -> Self:
        """Records the files received first, as every step does."""
        charge = load_ministere(ministere)
        synchronise(charge, charge.campagne(campagne).id)
        note(open_store(charge), "lecture", f"campagne {charge.campagne(campagne).id}, qui a répondu, par son nom")
        return cls(charge, charge.campagne(campagne))

    @cached_property
    def participation(self) -> pd.DataFrame:
        return read_participation(open_store(self.charge), self.campagne.id)

    @cached_property
    def suivi(self) -> pd.DataFrame:
        """diagnostics.accueil.SUIVI: every person asked, every form."""
        roles = calcul.roles_asked(self.referentiels)
        return calcul.follow(calcul.expected(self.charge.repondants, roles), self.participation)

    @property
    def dossier(self) -> Path:
        return output_dir() / self.ministere.id / self.campagne.id

    def refresh(self) -> None:
        """Forget what was read: answers come in all the time."""
        for name in ("participation", "suivi"):
            self.__dict__.pop(name, None)
        synchronise(self.charge, self.campagne.id)

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, str], dict[str, Any]]:
        dates = [
            (term, long_date(day))
            for term, day in (("Ouverture", self.campagne.ouverture), ("Clôture", self.campagne.cloture))
            if day
        ]
        pairs: list[tuple[str, Content]] = [("Ministère", self.ministere.nom), ("Campagne", self.campagne.libelle)]
        notice = [paragraph(element("strong", "Données fictives."))] if self.ministere.fictif else []
        identity = definitions([*pairs, *dates], class_="vg-chiffres vg-identite")
        return View(element("style", style()), identity, *notice)._repr_mimebundle_(**options)

    def show_essentiel(self) -> View:
        """How far the campaign is, and what to do next."""
        suivi = self.suivi
        rendus = suivi["etat"].eq(calcul.TERMINE)
        people = rendus.groupby([suivi["structure"], suivi["repondant"]]).all()
        whole = rendus.groupby(suivi["structure"]).all()
        figures = [
            (f"{int(people.sum())} sur {len(people)}", "personnes ayant tout rendu"),
            (f"{int(rendus.sum())} sur {len(suivi)}", "questionnaires rendus"),
            (f"{int(whole.sum())} sur {len(self.charge.structures)}", "structures complètes"),
        ]
        return View(key_figures(figures), bullets(self._next(), "Rien n'est à faire pour l'instant."))

    def show_structures(self) -> View:
        """Structures × forms: finished over asked; the agents' forms are counts."""
        counted = calcul.by_structure(self.suivi).set_index(["structure", "formulaire"])
        echos = count_echos(open_store(self.charge), self.campagne.id)
        seuil = self.referentiels.maturite.cotation.seuil_publication
        agents = calcul.count_agents(self.charge.agents, self.participation)
        rows = []
        for id_, structure in self.charge.structures.items():
            row: dict[str, Any] = {"nom": short_name(structure.nom)}
            for forme in self._formulaires():
                row[forme] = _share(counted.loc[(id_, forme)]) if (id_, forme) in counted.index else "—"
            row["echo"] = calcul.shown_count(echos.get(id_, 0), seuil)
            row["competences"] = "{} sur {}".format(*agents.get(id_, (0, 0)))
            rows.append(row)
        columns: Columns = [
            Column("nom", "Structure"),
            *(Column(name, self._short(name), numeric=True) for name in (*self._formulaires(), *calcul.COLLECTIFS)),
        ]
        note = "Questionnaires rendus sur questionnaires attendus. Écho : nombre de réponses anonymes reçues, "
        note += f"dit de {seuil} en {seuil}. Compétences : agents positionnés. « — » : personne n'est à interroger."
        return tabular(self._table(pd.DataFrame(rows), columns, "Réponses par structure et par questionnaire", [note]))

    def show_roles(self) -> View:
        """Response rate by role."""
        frame = calcul.by_role(self.suivi)
        columns: Columns = [
            Column("role", "Rôle", self._role),
            Column("formulaire", "Questionnaire", self._titre, wide=True),
            Column("attendus", "Attendus", numeric=True),
            Column("termines", "Rendus", numeric=True),
            Column("commences", "Commencés", numeric=True),
            Column("taux", "Taux de réponse", percent, numeric=True),
        ]
        return tabular(self._table(frame, columns, "Taux de réponse par rôle, toutes structures"))

    def show_absents(self) -> View:
        """Who has not finished, by name: the respondents of repondants.csv, never the agents."""
        frame = calcul.missing(self.suivi)
        if frame.empty:
            return paragraph("Toutes les personnes attendues ont répondu.")
        views = []
        for id_, structure in self.charge.structures.items():
            rows = frame[frame["structure"] == id_]
            if len(rows):
                people = plural(rows["repondant"].nunique(), "personne")
                views.append(View(folded(f"{structure.nom} : {people}", self._absents(rows, structure.nom).html)))
        return View(*views)

    def _absents(self, frame: pd.DataFrame, nom: str) -> View:
        """One row a person: what is still to come from them."""
        rows = [
            {
                **dict(zip(("nom", "fonction", "role"), person[1:], strict=True)),
                "attendus": " ; ".join(
                    f"{self._titre(line.formulaire)} ({self.codes[line.etat].lower()})" for line in lines(group)
                ),
                "dernier_jour": max(group["dernier_jour"]),
            }
            for person, group in frame.groupby(["repondant", "nom", "fonction", "role"], sort=False)
        ]
        columns: Columns = [
            Column("nom", "Personne"),
            Column("fonction", "Fonction"),
            Column("role", "Rôle", self._role),
            Column("attendus", "Questionnaires attendus", wide=True),
            Column("dernier_jour", "Dernière réponse", lambda value: long_date(value) if value else "aucune"),
        ]
        return tabular(self._table(pd.DataFrame(rows), columns, f"Qui n'a pas encore tout rendu, {nom}"))

    def show_envois(self) -> Any:
        """Buttons: invitations and reminders, as files for a mail merge."""
        return make_merge_panel(self)

    def show_execution(self) -> Any:
        """Buttons: run the diagnosis of one structure, or of all."""
        return make_run_panel(self)

    def show_rapports(self) -> View:
        """What the last batch made, with links."""
        manifeste = read_manifest(self.dossier)
        if not manifeste.executions:
            return paragraph("Aucun diagnostic n'a encore été exécuté pour cette campagne.")
        etapes = [etape.id for etape in list_etapes() if not etape.ministere]
        rows = [
            {"nom": short_name(structure.nom), **{etape: self._report(manifeste, id_, etape) for etape in etapes}}
            for id_, structure in self.charge.structures.items()
        ]
        columns: Columns = [
            Column("nom", "Structure"),
            *(Column(etape, self.codes.get(etape, etape), _as_is) for etape in etapes),
        ]
        index = self.dossier / INDEX
        made = self._table(pd.DataFrame(rows), columns, "Rapports de la dernière exécution")
        return View(paragraph("Tout le ministère : ", _link(index, INDEX), "."), tabular(made))

    def _next(self) -> list[Content]:
        """What to do now, most urgent first."""
        sentences: list[Content] = []
        absents = calcul.missing(self.suivi)
        if len(absents):
            people = absents.groupby(["structure", "repondant"]).ngroups
            sentences.append(f"Relancer {plural(people, 'personne')} ({plural(len(absents), 'questionnaire')}).")
        if (
            self.campagne.cloture
            and (late := (datetime.now(UTC).date() - self.campagne.cloture).days) > 0
            and len(absents)
        ):
            sentences.append(f"La campagne est close depuis {plural(late, 'jour')} : prolonger, ou conclure sans eux.")
        manifeste = read_manifest(self.dossier)
        failed = [line for line in manifeste.executions.values() if line.statut == "echec"]
        if failed:
            sentences.append(f"Corriger puis relancer {plural(len(failed), 'étape')} en échec.")
        last = max(self.participation["dernier_jour"], default="")
        run = str(manifeste.entete.get("lance_le", ""))[:10]
        if last and not run:
            sentences.append("Lancer un premier diagnostic : des réponses sont arrivées.")
        elif last > run:
            sentences.append(f"Relancer le diagnostic : des réponses sont arrivées depuis celui du {long_date(run)}.")
        return sentences

    def _table(self, frame: pd.DataFrame, columns: Columns, caption: str, notes: Sequence[str] = ()) -> Table:
        return table(frame, columns, caption, self.referentiels.libelles.colonnes, notes)

    def _formulaires(self) -> tuple[str, ...]:
        return tuple(calcul.roles_asked(self.referentiels))

    def _role(self, value: object) -> str:
        roles: Mapping[str, str] = {role.id: role.libelle for role in self.referentiels.maturite.roles}
        return roles.get(str(value), str(value))

    def _titre(self, value: object) -> str:
        return next(one.titre for one in self.referentiels.formulaires.formulaires if one.id == value)

    def _short(self, formulaire: str) -> str:
        """The name of a form that fits over a narrow column."""
        names = self.referentiels.libelles.colonnes if formulaire == "competences" else self.codes
        return names[formulaire]

    def _report(self, manifeste: Manifeste, structure: str, etape: str) -> Markup:
        line = manifeste.get(structure, etape)
        path = self.dossier / structure / f"{etape}.html"
        if line is None:
            return Markup("non exécuté")
        if not path.is_file():
            return element("span", "échec" if line.statut == "echec" else "absent")
        return _link(path, f"Échec {line.reference}".strip() if line.statut == "echec" else "Lire")


def _share(line: Any) -> str:
    return f"{line.termines} sur {line.attendus}"


def _as_is(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup("—")


def _link(path: Path, text: str) -> Markup:
    """A link that JupyterLab opens, from the folder of the notebooks."""
    return element("a", text, href=Path(os.path.relpath(path, notebooks_dir())).as_posix())
