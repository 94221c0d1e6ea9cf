"""A ministry's parameters and answers: files received, append-only store, dossiers."""

from .anterieur import earlier_fingerprints, record_earlier
from .dossier import dossier_kept, open_dossier, open_dossiers, read_results, results_file
from .imports import read_answers
from .lot import Enregistrement, Lot, form_lot
from .ministere import MinistereCharge, load_ministere
from .reception import check_ministere, import_files, received_files, synchronise
from .reponses import Saisie
from .store import Store, open_store

__all__ = [
    "Enregistrement",
    "Lot",
    "MinistereCharge",
    "Saisie",
    "Store",
    "check_ministere",
    "dossier_kept",
    "earlier_fingerprints",
    "form_lot",
    "import_files",
    "load_ministere",
    "open_dossier",
    "open_dossiers",
    "open_store",
    "read_answers",
    "read_results",
    "received_files",
    "record_earlier",
    "results_file",
    "synchronise",
]
