"""Tables that people send (CSV, XLSX) as rows of text that know where they stand, and every fault found on the way.

`read_table` never raises for what a file contains: a Tableau carries its rows and its `anomalies`, so that a caller
can report all the faults of all its files at once. Nothing is guessed or dropped in silence.
"""

from .cellules import closest, fold, inert, listing, parse_date, parse_number
from .colonnes import align_columns, duplicate_rows
from .lecture import read_table
from .limites import Limites
from .tableau import Ligne, Tableau

__all__ = [
    "Ligne",
    "Limites",
    "Tableau",
    "align_columns",
    "closest",
    "duplicate_rows",
    "fold",
    "inert",
    "listing",
    "parse_date",
    "parse_number",
    "read_table",
]
