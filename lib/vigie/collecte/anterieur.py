"""The campagne before: its answers, recorded like the others, so that a diagnosis can say what changed since.

What cannot be read of an earlier campagne never stops the diagnosis of today: it is said in its place.
"""

from __future__ import annotations

from ..errors import ImportRefuse
from .ministere import MinistereCharge
from .reception import synchronise
from .store import Store


def record_earlier(charge: MinistereCharge, campagne: str) -> dict[str, str]:
    """Id of each earlier campagne, the latest first → why its files were not recorded, "" when they were."""
    return {earlier.id: _record(charge, earlier.id) for earlier in charge.before(campagne)}


def earlier_fingerprints(charge: MinistereCharge, campagne: str, store: Store) -> dict[str, list[str]]:
    """Structure → hashes of all that it answered in earlier campagnes."""
    found: dict[str, list[str]] = {}
    for earlier in charge.before(campagne):
        for (structure, _), digest in sorted(store.fingerprints(earlier.id).items()):
            found.setdefault(structure, []).append(digest)
    return found


def _record(charge: MinistereCharge, campagne: str) -> str:
    try:
        synchronise(charge, campagne)
    except ImportRefuse as refus:
        fautes = len(refus.anomalies)
        return f"ses fichiers de réponses ne sont pas lisibles : {fautes} anomalie{'s' if fautes > 1 else ''}"
    return ""
