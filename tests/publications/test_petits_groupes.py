"""Someone reads everything published, in every format, and works by subtraction and complement (issue E, 3.2).

What they learn is compared with the truth, which is not published. One reader of tables and texts for all formats.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from vigie.collecte import open_dossier
from vigie.diagnostics._competences_calcul import compute

from tests import extraction

from .conftest import Publication

SEUIL, HOMOGENE = 10, 20
COMPETENCE = re.compile(r"[A-H]\d+\b")
NOMBRE = re.compile(r"\d+(?:[.,]\d+)?")
BESOIN = {"Agents ayant un besoin", "Agents en besoin", "besoin", "Besoin"}
EFFECTIF = {"Effectif", "effectif", "Agents du périmètre", "Inscrits", "inscrits"}
DES_SEULS_EN_BESOIN = {"Intensité", "Écart moyen", "Charge", "Confiance", "intensite", "charge", "confiance"}
PARTIE = {"Niveau médian", "niveau_median", "Demande", "demande", "role", "Rôle"}
"""With these columns, a headcount is a part of a printed group (who holds a skill to keep up, who has the need that a
request answers), or that of those who answer for the structure, in their role, to whom no threshold applies (4.3)."""
MOTIF, RESTE = {"motif", "Motif"}, {"reste", "Reste à couvrir"}
"""What the plan leaves uncovered counts those who are left, and says why: it is no need."""
FORMATS = {".html", ".ipynb", ".json", ".docx", ".odt", ".xlsx"}
Fait = tuple[str, frozenset[str]]
"""Competence, audiences; no audience for the total."""


@cache
def tables(path: Path) -> list[extraction.Table]:
    return extraction.tables(path)


def column(head: list[str], names: set[str]) -> int | None:
    return next((place for place, name in enumerate(head) if name in names), None)


def number(cell: str) -> float | None:
    """A figure, None for what is masked, « — » or words."""
    text = re.sub(r"\s", "", cell).replace(",", ".")
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def facts(publication: Publication, structure: str) -> dict[Fait, set[tuple[float, str]]]:
    """What is printed of each competence and audience: {(need, format)}."""
    publics = {one.id for one in publication.charge.referentiels.niveaux_requis.publics}
    found: dict[Fait, set[tuple[float, str]]] = {}
    for path in publication.fichiers(structure):
        for head, *rows in filter(None, tables(path)):
            what, need = column(head, {"Compétence", "competence"}), column(head, BESOIN)
            who, together = (
                column(head, names) for names in ({"Public", "public"}, {"Publics regroupés", "publics_regroupes"})
            )
            if what is None or need is None or (set(head) & MOTIF and not set(head) & RESTE):
                continue
            for row in rows:
                if len(row) <= need or not (name := COMPETENCE.match(row[what])):
                    continue
                said = "" if who is None else (together is not None and row[together]) or row[who]
                groupe = frozenset(publics & set(re.findall(r"\w+", said)))
                value = number(row[need])
                if value is not None and (groupe or not said):
                    found.setdefault((name.group(), groupe), set()).add((value, path.suffix))
    return found


def truth(publication: Publication, structure: str) -> dict[str, dict[str, tuple[int, int]]]:
    """Competence → audience → people whose level is known, people in need."""
    calcul = compute(open_dossier(publication.charge, structure))
    ids = [one.id for one in calcul.dossier.referentiels.competences.competences]
    lignes = calcul.lignes[calcul.lignes["actuel"].notna()]
    publics = calcul.agents["public"].to_numpy()[lignes["agent"]]
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for (competence, public), group in lignes.assign(public=publics).groupby(["competence", "public"]):
        found.setdefault(ids[competence], {})[public] = (len(group), int((group["ecart"] >= 1).sum()))
    return found


def learnt(printed: dict[Fait, float], competence: str, tous: frozenset[str]) -> Iterator[tuple[frozenset[str], float]]:
    """Every set of audiences whose need is printed, and what the total gives of the others."""
    lines = {groupe: value for (name, groupe), value in printed.items() if name == competence and groupe}
    yield from lines.items()
    total = printed.get((competence, frozenset()))
    if total is not None:
        yield tous, total
        yield tous - frozenset().union(*lines), total - sum(lines.values())


def test_no_format_gives_the_need_of_a_small_group_by_subtraction(publication: Publication) -> None:
    leaks, read = [], 0
    for structure in publication.structures:
        found = facts(publication, structure)
        assert {what: one for what, one in found.items() if len({value for value, _ in one}) > 1} == {}, "they agree"
        printed = {what: next(iter(one))[0] for what, one in found.items()}
        real = truth(publication, structure)
        for competence, people in real.items():
            for publics, need in learnt(printed, competence, frozenset(people)):
                known = sum(people[one][0] for one in publics & people.keys())
                needing = sum(people[one][1] for one in publics & people.keys())
                read += 1
                if publics & people.keys() and (known < SEUIL or (known < HOMOGENE and need in (0, known))):
                    leaks.append(f"{structure} {competence} {sorted(publics)} : {needing} sur {known}, lu {need}")
    assert leaks == []
    assert read
    seen = {suffix for one in publication.structures for what in facts(publication, one).values() for _, suffix in what}
    assert seen == FORMATS, "each format was read"


def headcounts(path: Path) -> Iterator[tuple[str, str]]:
    for head, *rows in filter(None, tables(path)):
        for place in (place for place, name in enumerate(head) if name in EFFECTIF and not PARTIE & set(head)):
            yield from ((head[place], row[place]) for row in rows if len(row) > place)


def test_no_format_prints_a_headcount_under_the_threshold(publication: Publication) -> None:
    small, counted = [], Counter[str]()
    for path in publication.fichiers():
        for name, cell in headcounts(path):
            value = number(cell)
            counted[path.suffix] += value is not None
            small += [f"{path.parent.name}/{path.name} {name} : {cell}"] * (value is not None and 0 < value < SEUIL)
    assert small == []
    assert set(counted) >= FORMATS


def test_no_format_prints_a_mean_or_a_load_of_a_few_people_in_need(publication: Publication) -> None:
    found, read = [], 0
    for path in publication.fichiers():
        for head, *rows in filter(None, tables(path)):
            need = column(head, BESOIN)
            if need is None:
                continue
            others = [place for place, name in enumerate(head) if name in DES_SEULS_EN_BESOIN]
            for row in rows:
                value = number(row[need]) if len(row) > max([need, *others]) else None
                if value is not None:
                    read += len(others)
                    if 0 < value < SEUIL:
                        found += [
                            f"{path.name} {row[:2]} {head[one]}" for one in others if number(row[one]) is not None
                        ]
    assert found == []
    assert read


def test_the_total_of_the_plan_less_its_printed_lines_is_nothing(publication: Publication) -> None:
    """In words as in tables: « le plan couvre 12 besoins sur 30 »."""
    told = re.compile(r"(\d+) besoins? (?:couverts? )?sur (\d+)")
    for structure in publication.structures:
        printed = _coverage(publication, structure)
        total = sum(printed.values())
        for path in publication.fichiers(structure):
            text = re.sub(r"\s+", " ", extraction.extract(path)) if path.suffix != ".zip" else ""
            assert {int(both[1]) for both in told.findall(text)} <= {int(total)}, path.name


def _coverage(publication: Publication, structure: str) -> dict[tuple[str, str], float]:
    path = publication.dossier / structure / "resultats.json"
    found = {}
    for head, *rows in tables(path):
        if "reste" in head and "besoin" in head:
            places = [head.index(name) for name in ("competence", "public", "besoin")]
            for row in rows:
                what, who, need = (row[place] for place in places)
                if number(need) is not None:
                    found[what, who] = float(need)
    return found


def test_the_ministry_less_its_structures_gives_nothing(publication: Publication) -> None:
    """What the ministry prints of a competence is the sum of what its structures print."""
    sums: Counter[str] = Counter()
    for structure in publication.structures:
        for (competence, groupe), values in facts(publication, structure).items():
            if not groupe:
                sums[competence] += next(iter(values))[0]
    read = 0
    for path in publication.fichiers("ministere"):
        for head, *rows in filter(None, tables(path)):
            what, need = column(head, {"Compétence", "competence"}), column(head, {*BESOIN, "Agents, au moins"})
            for row in rows if what is not None and need is not None else ():
                name, value = COMPETENCE.match(row[what]), number(row[need]) if len(row) > need else None
                if name and value is not None:
                    assert value == sums[name.group()], (path.name, row)
                    read += 1
    assert read


def test_a_pdf_says_no_figure_that_its_other_formats_do_not(publication: Publication, textes: dict[Path, str]) -> None:
    """The attacks above read tables, which a PDF has not: its figures are those of the same document in DOCX."""
    seen = 0
    for path in textes:
        other = path.with_suffix(".docx")
        if path.suffix == ".pdf" and other in textes:
            pages = extraction.pages_of(path)
            numbers = {str(one) for one in range(len(pages) + 1)}
            # a line may be cut inside a figure: the next word is then read with it, and alone
            told = set(NOMBRE.findall(textes[other])) | numbers
            # a risk of a drawing may be read together with the mark of the scale that follows it: R01, then 3
            read = re.sub(r"\b(R\d\d)(?=\d)", r"\1 ", "\n".join(pages))
            assert set(NOMBRE.findall(read)) <= told, path.name
            seen += 1
    assert seen


def test_drawings_say_no_figure_that_the_page_does_not(publication: Publication) -> None:
    """A masked line has no bar and no label: what a drawing of needs writes is in the table under it."""
    drawn = 0
    for path in publication.fichiers():
        page = path.read_text(encoding="utf-8") if path.suffix == ".html" else ""
        read = extraction.BeautifulSoup(page, "html.parser")
        cells = {re.sub(r"\s", "", cell.get_text()) for cell in read.select("td, th")}
        for image in read.select("figure img"):
            for drawing in extraction.drawings(str(image)):
                words = extraction.words_of(drawing)
                if "masqué" in words and "agents concernés" in str(image["alt"]):
                    alone = {re.sub(r"\s", "", one) for one in words if number(one) is not None}
                    assert alone <= cells, path.name
                    drawn += 1
    assert drawn
