"""What survey tools make of our files, after their documentation: the columns of their exports, one row a respondent.

An XLSForm goes through pyxform and ODK's own validator; LimeSurvey's structure is read as its manual says. Nothing
here knows how Vigie names its questions: names come from the files.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from pyxform.xls2xform import convert

XFORMS = "{http://www.w3.org/2002/xforms}"


@dataclass(frozen=True)
class Questionnaire:
    """`colonnes`: column of the export → what it holds; `constantes`: columns that nobody fills; `choix`: allowed."""

    colonnes: tuple[str, ...]
    constantes: Mapping[str, str]
    choix: Mapping[str, tuple[str, ...]]
    avertissements: tuple[str, ...] = ()


def read_xlsform(content: bytes) -> Questionnaire:
    """Paths of the answers under the form (« page_D1/D1_1 »), after pyxform and ODK Validate have accepted it."""
    warnings: list[str] = []
    xform = convert(io.BytesIO(content), warnings=warnings, validate=True, file_type=".xlsx").xform
    root = ElementTree.fromstring(xform)  # noqa: S314 - our own form
    paths = {bind.get("nodeset", ""): bind for bind in root.iter(f"{XFORMS}bind")}
    asked = {path: "/".join(path.split("/")[2:]) for path in paths if "/meta/" not in path}
    constants = {
        asked[path]: bind.get("calculate", "").strip("'")
        for path, bind in paths.items()
        if path in asked and bind.get("calculate")
    }
    return Questionnaire(tuple(asked.values()), constants, _choices(root, asked), tuple(warnings))


def _choices(root: ElementTree.Element, asked: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    lists = {
        instance.get("id"): tuple(name.text or "" for name in instance.iter(f"{XFORMS}name"))
        for instance in root.iter(f"{XFORMS}instance")
        if instance.get("id")
    }
    found = {}
    for select in root.iter(f"{XFORMS}select1"):
        nodeset = next(select.iter(f"{XFORMS}itemset")).get("nodeset", "")
        found[asked[select.get("ref", "")]] = lists[re.search(r"instance\('(.+?)'\)", nodeset)[1]]
    return found


def odk_central(questionnaire: Questionnaire, rows: list[Mapping[str, str]]) -> str:
    """Central: comma, groups joined by « - », the submission around."""
    names = {one: one.replace("/", "-") for one in questionnaire.colonnes}
    return _csv(
        ",",
        ["SubmissionDate", *names.values(), "meta-instanceID", "meta-instanceName", "KEY", "SubmitterID",
         "SubmitterName", "AttachmentsPresent", "AttachmentsExpected", "Status", "ReviewState", "DeviceID", "Edits",
         "FormVersion"],
        [
            {
                **{names[one]: value for one, value in {**questionnaire.constantes, **row}.items()},
                "SubmissionDate": f"2026-11-{10 + number}T09:12:45.000Z",
                "meta-instanceID": (key := f"uuid:{uuid.UUID(int=number)}"),
                "KEY": key, "SubmitterID": "12", "SubmitterName": "Compte public", "DeviceID": "collect:abc",
                "Edits": "0", "FormVersion": "1",
            }
            for number, row in enumerate(rows)
        ],
    )  # fmt: skip


def kobo(questionnaire: Questionnaire, rows: list[Mapping[str, str]]) -> str:
    """KoboToolbox, « XML values and headers » with groups: semicolon, « / », its own columns with « _ »."""
    return _csv(
        ";",
        ["start", "end", *questionnaire.colonnes, "__version__", "_id", "_uuid", "_submission_time",
         "_validation_status", "_notes", "_status", "_submitted_by", "_tags", "meta/rootUuid", "_index"],
        [
            {
                **questionnaire.constantes, **row, "__version__": "vA1", "_id": str(900 + number),
                "_uuid": str(uuid.UUID(int=number)), "_submission_time": f"2026-11-{10 + number}T09:12:45",
                "_status": "submitted_via_web", "_index": str(number + 1),
            }
            for number, row in enumerate(rows)
        ],
    )  # fmt: skip


def read_limesurvey(content: bytes) -> Questionnaire:
    """Columns of an export with question codes: `code`, `code[comment]` for a list with a comment, `code[sub]`."""
    text = content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter="\t"))
    columns: list[str] = []
    constants: dict[str, str] = {}
    choices: dict[str, list[str]] = {}
    kind = code = ""
    for row in rows:
        if row["class"] == "Q":
            kind, code = row["type/scale"], row["name"]
            assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", code), code
            assert code not in columns
            columns += {"L": [code], "O": [code, f"{code}[comment]"], "*": [code], "Q": []}[kind]
            if kind == "*":
                assert row["hidden"] == "1"
                constants[code] = row["text"]
        elif row["class"] == "SQ":
            assert kind == "Q" and row["name"].isalnum()
            columns.append(f"{code}[{row['name']}]")
        elif row["class"] == "A":
            assert kind in "LO" and re.fullmatch(r"[A-Za-z0-9]{1,5}", row["name"])
            choices.setdefault(code, []).append(row["name"])
    return Questionnaire(tuple(columns), constants, {name: tuple(codes) for name, codes in choices.items()})


def evaluate(equation: str, row: Mapping[str, str]) -> str:
    """The two functions of ExpressionScript that our equations use: join and if."""
    assert equation.startswith("{") and equation.endswith("}")
    value = equation[1:-1]
    value = re.sub(r"if\((\w+)\.NAOK == '(\w+)', '([^']*)', ''\)",
                   lambda found: repr(found[3] if row.get(found[1]) == found[2] else ""), value)  # fmt: skip
    joined = re.fullmatch(r"join\(((?:'[^']*'(?:, )?)+)\)", value)
    assert joined, value
    return "".join(re.findall(r"'([^']*)'", joined[1]))


def limesurvey(questionnaire: Questionnaire, rows: list[Mapping[str, str]], anonyme: bool = False) -> str:
    date = "1980-01-01 00:00:00"
    return _csv(
        ",",
        ["id", "submitdate", "lastpage", "startlanguage", "seed", *questionnaire.colonnes],
        [
            {
                **row,
                **{name: evaluate(equation, row) for name, equation in questionnaire.constantes.items()},
                "id": str(number + 1),
                "submitdate": date if anonyme else f"2026-11-{10 + number} 09:12:45",
                "lastpage": "9",
                "startlanguage": "fr",
                "seed": str(7919 * (number + 1)),
            }
            for number, row in enumerate(rows)
        ],
    )


def _csv(separator: str, columns: list[str], rows: list[dict[str, str]]) -> str:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, delimiter=separator, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path
