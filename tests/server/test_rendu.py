"""What a visitor's kernel is given to run: the form's cell of its step's notebook, and nothing else of it."""

from __future__ import annotations

import pytest
from vigie.forms.demande import Demande
from vigie.referentiels import load_referentiels
from vigie.server.rendu import _form_cell, cut_notebook

ETAPES = sorted({forme.etape for forme in load_referentiels().formulaires.formulaires})


@pytest.mark.parametrize("etape", ETAPES)
def test_every_form_stands_in_a_notebook(etape):
    assert f'show_form("{etape}"' in _form_cell(etape)


@pytest.mark.parametrize("etape", ETAPES)
def test_a_visitor_s_notebook_holds_no_result(etape):
    carnet = cut_notebook(Demande("/ministeres/essai", "drh", etape, "RH", "rh1"))
    sources = [cell.source for cell in carnet.cells]
    assert len(sources) == 2
    assert "etape." not in "".join(sources)
    assert "'/ministeres/essai'" in sources[0]


def test_parameters_are_written_as_values_whatever_they_hold():
    carnet = cut_notebook(Demande("x", "drh'\nimport os\n#", "maturite"))
    names: dict[str, object] = {}
    exec(carnet.cells[0].source, names)
    assert names["structure"] == "drh'\nimport os\n#"
