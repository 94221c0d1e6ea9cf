"""Spare ourselves an import that costs a second and brings nothing here.

jsonschema imports rfc3987_syntax (a dependency of jupyter_server) to check IRI formats; that module compiles a grammar
when imported. Notebook files hold no IRI to check.
"""

from __future__ import annotations

import sys


def skip_grammar_import() -> None:
    """Call before the first import of jsonschema, nbformat or papermill; a no-op afterwards."""
    if "jsonschema" not in sys.modules:
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
