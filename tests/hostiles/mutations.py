"""Files as chance or malice spoils them: our own CSV, workbooks and YAML, with a few things changed.

Each change is drawn by hypothesis, so that a case that fails is shown as small as it can be.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, TypeAlias

import xlsxwriter
from hypothesis import strategies as st

from .corpus import TEXTES

Change: TypeAlias = tuple[str, int, int, Any]
"""What is done, two places (taken modulo how many there are), what is put there."""
FEUILLE_XML, TEXTES_XML = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
"""Parts of our own workbook: the answers, and the texts that its cells name."""

# "x" * 40_000: more signs than a cell of a spreadsheet may hold
VALEURS = (
    *("", " ", "0", "1", "2", "3", "4", "5", "6", "-1", "+3", "3.0", "2,5", "1e5", "1e999", "nan", "007", "²", "१"),
    *("NSP", "so", "non_repondu", "masque", "oui", "non", "true", "null", "~", "9" * 5000, "x" * 40_000, "0" * 300),
    *("2026-11-24", "24/11/2026", "31/02/2026", "0001-01-01", "9999-12-31", "2026-11-24T10:00"),
    *("drh", "centre-sud", "rh1", "for1", "AG1", "RH", "AG", "D1.1", "M1", "A1", "MET01", "MET01.T1", "U01", "L01"),
    *("maturite", "competences", "risques_ethique", "niveau", "accord", "auto", "marque", "2026-automne", "TA"),
    *("../../x", "..", "ministere", "con", "a/b", "a\\b", "essai", "L-module", "A1:0>2", "A1:2>0", "presentiel"),
    *('"', '""', "'", ";", ",", "\t", "\n", "\r", "a\r\nb", "\0", "\x1b[2J", "\x85", "\u2028", "\ufeff", "\ufffe"),
    *TEXTES,
)
VALEUR = st.one_of(st.sampled_from(VALEURS), st.text(max_size=30))
_PLACE = st.integers(0, 40)
_CELLULE = st.tuples(st.just("cellule"), _PLACE, _PLACE, VALEUR)
_AUTRES = (
    st.tuples(st.sampled_from(("entete", "ajoute", "colonne")), _PLACE, _PLACE, VALEUR),
    st.tuples(st.sampled_from(("double", "retire", "vide", "court", "deux_colonnes")), _PLACE, _PLACE, st.just("")),
)
CELLULES = st.lists(_CELLULE, max_size=3)
TABLE = st.lists(st.one_of(_CELLULE, *_AUTRES), max_size=4)
_OCTETS = ("coupe", "ote", "met", "repete")
OCTETS = st.lists(
    st.tuples(st.sampled_from(_OCTETS), st.integers(0, 9999), st.integers(1, 400), st.binary(max_size=8)), max_size=2
)
ECRITURE = st.tuples(
    st.sampled_from((";", ";", ";", ",", "\t", "|")),
    st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le")),
    st.sampled_from(("\n", "\r\n", "\r")),
)
"""Separator, encoding and line ends of a CSV."""
_LIGNES = ("valeur", "valeur", "cle", "ligne", "ote", "double", "retrait")
YAML, LONG_YAML = (
    st.lists(st.tuples(st.sampled_from(_LIGNES), place, st.integers(0, 6), VALEUR), max_size=4)
    for place in (_PLACE, st.integers(0, 3000))
)
"""The second for files of many more lines: the referentiels."""
_MARQUES = (
    *(
        'r="1048577"',
        'r="99999999999999"',
        'r="0"',
        'r="-1"',
        'r="ZZZ1"',
        'r="1e15"',
        'r="A1"',
        'r=""',
        't="s"',
        't="b"',
        't="e"',
    ),
    *('t="d"', 't="n"', 't="str"', 't="inlineStr"', 's="9999"', 's="-1"', 'state="hidden"', 'ref="A1:XFD1048576"'),
    *(
        "<f>1+1</f>",
        '<f t="shared" si="0"/>',
        '<f t="array" ref="A1">1</f>',
        "<v>99999</v>",
        "<v>1e400</v>",
        "<v>nan</v>",
    ),
    *("<is><t>x</t></is>", "<t>_xD800_</t>", "<t>_x0000_</t>", "<t>a_x000D_b</t>", "<v>-5</v>", "<mergeCell/>"),
    *('<mergeCells><mergeCell ref="A1:B9"/></mergeCells>', "<!-- -->", "<![CDATA[x]]>", "&#0;", "&x;", "</row>"),
    *('<!DOCTYPE a [<!ENTITY x "y">]>', 'xmlns="urn:x"', '<?xml version="1.1"?>', "\0", "\ud800"),
)
CLASSEUR = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(("marque", "remplace", "partie")), st.integers(0, 9999), _PLACE, st.sampled_from(_MARQUES)
        ),
        st.tuples(st.just("texte"), st.integers(0, 9999), _PLACE, st.one_of(st.sampled_from(_MARQUES), VALEUR)),
    ),
    max_size=3,
)


def change_table(rows: Sequence[Sequence[str]], changes: Iterable[Change]) -> list[list[str]]:
    """The table with its changes; the first row is the header, which « cellule » leaves alone."""
    table = [list(row) for row in rows]
    for kind, row, column, text in changes:
        if len(table) < 2:
            break
        line = table[0] if kind == "entete" else table[1 + row % (len(table) - 1)]
        place = column % (len(line) or 1)
        if kind in ("cellule", "entete") and line:
            line[place] = text
        elif kind == "ajoute":
            line.insert(place, text)
        elif kind == "colonne":
            table = [[*one[:place], text, *one[place:]] for one in table]
        elif kind == "double":
            table.append(list(line))
        elif kind == "retire":
            table.remove(line)
        elif kind == "vide":
            line[:] = ["" for _ in line]
        elif kind == "court":
            del line[place:]
        else:
            table = [[*one, *one[place : place + 1]] for one in table]
    return table


def write_csv(table: Iterable[Iterable[str]], ecriture: tuple[str, str, str]) -> bytes:
    separator, encoding, end = ecriture
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, lineterminator=end).writerows(table)
    return stream.getvalue().encode(encoding, "replace")


def change_bytes(data: bytes, changes: Iterable[Change]) -> bytes:
    for kind, place, size, more in changes:
        at = place % (len(data) + 1)
        if kind == "coupe":
            data = data[:at]
        elif kind == "ote":
            data = data[:at] + data[at + size :]
        elif kind == "met":
            data = data[:at] + more + data[at:]
        else:
            data = data[: at + size] + data[at:]
    return data


def change_yaml(text: str, changes: Iterable[Change]) -> bytes:
    """YAML with other values, keys and indents; `size` chooses how the value is written."""
    lines = text.splitlines()
    for kind, place, size, value in changes:
        at = place % (len(lines) or 1)
        line = lines[at] if lines else ""
        written = (
            '"' + value.replace('"', '\\"') + '"',
            f"'{value}'",
            value,
            f"[{value}]",
            f"!!{value} x",
            f"&a {value}",
            f"*{value}",
        )
        if kind == "valeur":
            lines[at : at + 1] = [f"{line.partition(':')[0]}: {written[size]}"]
        elif kind == "cle":
            indent = " " * (len(line) - len(line.lstrip(" -")))
            lines[at : at + 1] = [f"{indent}{written[size % 3]}:{line.partition(':')[2]}"]
        elif kind == "ligne":
            lines.insert(at, value)
        elif kind == "ote":
            del lines[at : at + 1 + size % 2]
        elif kind == "double":
            lines[at:at] = [line]
        else:
            lines[at : at + 1] = [" " * size + line.lstrip() if size < 6 else "\t" + line]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def change_workbook(parts: Mapping[str, str], changes: Iterable[Change]) -> bytes:
    """A workbook whose XML is spoilt: its archive stays whole."""
    made = dict(parts)
    for kind, place, number, text in changes:
        name = TEXTES_XML if kind == "texte" else list(made)[number % len(made)] if kind == "partie" else FEUILLE_XML
        made[name] = _change_xml(made[name], kind, place, number, text)
    return zip_parts(made)


def _change_xml(xml: str, kind: str, place: int, number: int, text: str) -> str:
    if kind == "partie":
        return xml[: place % (len(xml) + 1)] if number % 2 else text
    tags = [found.start() for found in re.finditer("<t[ >]" if kind == "texte" else "<[a-z]", xml)] or [0]
    at = tags[place % len(tags)]
    end = xml.find(">", at) + 1
    named = re.match(r"(\w+)=", text)
    if kind == "texte":
        return xml[:end] + (text if text.startswith("<t>") else escape(text)) + xml[xml.find("<", end) :]
    if kind == "remplace" and named:
        return xml[:at] + re.sub(rf'\b{named[1]}="[^"]*"', lambda _: text, xml[at:], count=1)
    return f"{xml[: end - 1]} {text}{xml[end - 1 :]}" if named else xml[:end] + text + xml[end:]


def workbook_parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def table_parts(rows: Iterable[Iterable[str]]) -> dict[str, str]:
    """A workbook of one sheet that holds these rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                sheet.write_string(number, column, text)
    return workbook_parts(stream.getvalue())


def zip_parts(parts: Mapping[str, str], zeros: Mapping[str, int] | None = None) -> bytes:
    """The archive of these parts; `zeros`: parts of so many bytes of nothing, which take no room once packed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text.encode("utf-8", "surrogatepass"))
        for name, size in (zeros or {}).items():
            packed = zipfile.ZipInfo(name)
            packed.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(packed, "w") as part:
                for _ in range(size // 1_000_000):
                    part.write(bytes(1_000_000))
    return stream.getvalue()
