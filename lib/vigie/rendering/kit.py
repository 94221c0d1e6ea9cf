"""The usage kit ready to hand out (F3-17): a page to open, and beside it the documents it links to, in one archive.

The archive is the same byte for byte for the same result and the same documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from ..diagnostics.accompagnement import ResultatAccompagnement
from ..diagnostics.validation import PROJET, validation_text
from ..paths import templates_dir
from .formats import capitalize, long_date, month_year
from .html import Content, element, join, slug, typeset_html
from .livrables.archives import pack
from .livrables.contexte import Contexte
from .livrables.gabarits import read_templates
from .livrables.vue import NAMES
from .pourquoi import confidence_mark
from .tables import Column, Columns, as_is, lines, table
from .views import View, bullets, paragraph, tabular

TITRE = "Kit d'utilisation de l'intelligence artificielle"
PAGE = "index.html"
DOSSIER = "documents"
LIVRABLE = "kit_utilisation"
"""The livrable whose validation is the kit's."""
SEANCES = ("information", "nouveaux_arrivants", "atelier")
CHEZ_QUI = ("agent", "manager")
USAGE = "usage"
AGENDA = {".ics": "agenda à importer"}


@dataclass(frozen=True)
class Section:
    titre: str
    contenu: Markup

    @property
    def ancre(self) -> str:
        return slug(self.titre)


def make_kit(resultat: ResultatAccompagnement, contexte: Contexte, documents: Mapping[str, bytes]) -> bytes:
    """The archive. `documents`: file name → content, put under `documents/`.

    Raises ValueError on a name that is a path: an archive must not write outside the folder it is opened in.
    """
    names = sorted(documents)
    for name in names:
        if not name or PurePosixPath(name).name != name or "\\" in name or name.startswith("."):
            raise ValueError(f"nom de document non admis dans le kit : {name!r}")
    page = kit_page(resultat, contexte, names)
    return pack({PAGE: page.encode("utf-8"), **{f"{DOSSIER}/{name}": documents[name] for name in names}})


def kit_page(resultat: ResultatAccompagnement, contexte: Contexte, names: list[str]) -> str:
    """The page alone; `names`: the files that will stand under `documents/`."""
    etat = validation_text(contexte.validations, resultat.etape, LIVRABLE)
    return (
        _environment()
        .get_template("kit.html.j2")
        .render(
            titre=TITRE,
            ministere=contexte.ministere.nom,
            structure=contexte.structure.nom,
            fictif=contexte.ministere.fictif,
            date=long_date(resultat.date_reference),
            etat=etat,
            projet=etat == PROJET,
            sections=list(_sections(resultat, contexte, names)),
        )
    )


def _sections(resultat: ResultatAccompagnement, contexte: Contexte, names: list[str]) -> Iterator[Section]:
    yield Section("Cinq principes", _principles(contexte).html)
    yield Section("Les documents", _documents(resultat, contexte, names).html)
    yield Section("Les règles de tous les jours", _rules(contexte).html)
    yield Section("Quand venir", _sessions(resultat, contexte).html)
    yield Section("À qui s'adresser", _routes(resultat, contexte).html)


def _principles(contexte: Contexte) -> View:
    atelier = contexte.referentiels.accompagnement.atelier
    bases = {base.id: base for base in contexte.referentiels.bases.bases}
    cited = [
        f"{bases[name].texte}{confidence_mark(bases[name].confiance, contexte.codes)}" for name in atelier.bases[:1]
    ]
    note = f"D'après : {' ; '.join(cited)} ; reformulé, à relire sur le guide."
    return View(bullets(principe.texte for principe in atelier.principes), paragraph(note, class_="vg-note"))


def _documents(resultat: ResultatAccompagnement, contexte: Contexte, names: list[str]) -> View:
    """Where each document of the kit stands, then the files given with it. What the diagnosis says is missing is not
    shown here: the kit goes to everyone."""
    columns: Columns = [
        Column("document", wide=True),
        Column("etat", render=lambda value: contexte.codes.get(str(value), str(value))),
        Column("date", render=long_date),
    ]
    listed = tabular(table(resultat.kit, columns, "Documents du kit et leur état", contexte.labels))
    if not names:
        return View(listed, paragraph("Aucun fichier n'est joint à ce kit.", class_="vg-vide"))
    return View(listed, paragraph("Fichiers joints :"), bullets(_file(name) for name in names))


def _file(name: str) -> Content:
    """A link whose text says what it opens and in which form."""
    path = PurePosixPath(name)
    gabarit = read_templates().get(path.stem.partition("-")[0])
    title = (gabarit.court or gabarit.titre) if gabarit else capitalize(path.stem.replace("_", " ").replace("-", " "))
    form = NAMES.get(path.suffix) or AGENDA.get(path.suffix) or path.suffix.removeprefix(".").upper()
    return element("a", f"{title} ({form})", href=f"{DOSSIER}/{name}")


def _rules(contexte: Contexte) -> View:
    """Rules of the moment of use that an agent or a manager answers for."""
    rules = [one for one in contexte.referentiels.regles.regles if one.moment == USAGE and one.responsable in CHEZ_QUI]
    return bullets(join([element("strong", rule.id), f" {rule.regle}"]) for rule in rules)


def _sessions(resultat: ResultatAccompagnement, contexte: Contexte) -> View:
    rows = resultat.calendrier[resultat.calendrier["type"].isin(SEANCES)]
    columns: Columns = [
        Column("date", render=long_date),
        Column("intitule", "Séance", wide=True),
        Column("public", wide=True),
    ]
    if rows.empty:
        return paragraph("Aucune séance n'est encore datée.", class_="vg-vide")
    until = month_year(str(rows["date"].max()))
    caption = f"Séances et ateliers jusqu'en {until} ; heures et lieux à fixer"
    return tabular(table(rows, columns, caption, contexte.labels))


def _routes(resultat: ResultatAccompagnement, contexte: Contexte) -> View:
    signalement = contexte.referentiels.gouvernance.signalement
    frame = pd.DataFrame(
        {
            "nature": resultat.routes["nature"],
            "voie": resultat.routes["voie"],
            "destinataire": resultat.routes["destinataire"],
            "delai": [
                join(
                    [
                        line.delai,
                        element("span", confidence_mark(line.confiance, contexte.codes), class_="vg-precision"),
                    ]
                )
                for line in lines(resultat.routes)
            ],
        },
        dtype="object",
    )
    columns: Columns = [
        Column("nature", "Ce qui s'est passé", wide=True),
        "voie",
        Column("destinataire", "À qui", wide=True),
        Column("delai", render=as_is, wide=True),
    ]
    address = "Adresse unique du canal de signalement : [à compléter par la structure avant diffusion]."
    return View(
        paragraph(signalement.principe),
        paragraph(address),
        tabular(table(frame, columns, "Voies de signalement", contexte.labels)),
    )


def _environment() -> Environment:
    folders = [templates_dir() / "pages", templates_dir() / "nbconvert" / "templates" / "vigie"]
    environment = Environment(
        loader=FileSystemLoader(folders), autoescape=select_autoescape(["html", "j2"]), undefined=StrictUndefined
    )
    environment.filters["typographie"] = lambda text: Markup(typeset_html(str(escape(text))))  # noqa: S704
    return environment
