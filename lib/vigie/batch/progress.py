"""The progress bar: structures done, failed, time left."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType

from tqdm import tqdm

from .manifest import Execution

FORME = "{desc} {percentage:3.0f} % |{bar:24}| {n_fmt}/{total_fmt} structures{postfix} · reste {remaining}"


class Progression:
    """A bar on the error stream; silent when `enabled` is false."""

    def __init__(self, total: int, deja: int, *, enabled: bool) -> None:
        self._echecs: set[str] = set()
        tqdm.monitor_interval = 0  # no thread beside ours
        self._barre = tqdm(total=total, initial=deja, desc="Diagnostic", bar_format=FORME, disable=not enabled)
        self._show()

    def advance(self, executions: Iterable[Execution]) -> None:
        self._echecs |= {line.structure for line in executions if line.statut == "echec"}
        self._show()
        self._barre.update()

    def _show(self) -> None:
        nombre = len(self._echecs)
        self._barre.set_postfix_str(f"{nombre} en échec", refresh=False)

    def __enter__(self) -> Progression:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._barre.close()
