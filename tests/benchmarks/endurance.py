"""Thousands of notebooks in a row, no failure hidden: failures, stalls, zombies, memory and descriptors of the parent.

VIGIE_BENCH_CARNETS chooses how many.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import psutil

from .mesure import Mesure

TITRE = "Endurance du moteur (1 processus)"
LENT_S = 2.0
CELLULES = ["x = 1", "import math\nprint(math.sqrt(x))", "x"]


def series(count: int) -> dict[str, float]:
    """Run `count` small notebooks one after the other; what went wrong, and what the process holds at the end."""
    from vigie.kernels.forked import why_not_fork
    from vigie.kernels.lean import skip_grammar_import

    skip_grammar_import()
    import papermill

    from tests.kernels.carnets import notebook

    if reason := why_not_fork():
        raise RuntimeError(reason)
    me = psutil.Process()
    failures = stalls = 0
    first_memory = first_descriptors = 0
    start = time.perf_counter()
    for number in range(count):
        before = time.perf_counter()
        try:
            node = papermill.execute_notebook(notebook(CELLULES), None, engine_name="vigie", progress_bar=False)
            failures += node.cells[-1].outputs[0].data["text/plain"] != "1"
        except Exception:
            failures += 1
        stalls += time.perf_counter() - before > LENT_S
        if number == min(50, count - 1):
            first_memory, first_descriptors = me.memory_info().rss, me.num_fds()
    return {
        "duree": time.perf_counter() - start,
        "echecs": failures,
        "lenteurs": stalls,
        "zombies": sum(child.status() == psutil.STATUS_ZOMBIE for child in me.children()),
        "memoire": (me.memory_info().rss - first_memory) / 2**20,
        "descripteurs": me.num_fds() - first_descriptors,
    }


def run() -> Iterator[Mesure]:
    count = int(os.environ.get("VIGIE_BENCH_CARNETS", "500"))
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        found = pool.submit(series, count).result()
    yield Mesure("carnets", count, "", note=f"{found['duree'] / count * 1000:.0f} ms chacun")
    yield Mesure("échecs", found["echecs"], "", vise="0")
    yield Mesure(f"plus de {LENT_S:.0f} s", found["lenteurs"], "", vise="0")
    yield Mesure("processus zombies", found["zombies"], "", vise="0")
    yield Mesure("mémoire du parent, en plus", found["memoire"], "Mio", vise="≈ 0")
    yield Mesure("descripteurs du parent, en plus", found["descripteurs"], "", vise="0")
