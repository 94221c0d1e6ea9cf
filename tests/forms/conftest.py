"""One browser a module: playwright's event loop must not outlive the tests that need it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.forms.ministere_forme import write_forme


@pytest.fixture(scope="module")
def navigateur() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser
        browser.close()


@pytest.fixture
def ministere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a small ministry; its store and its results stay in the test's own folder."""
    monkeypatch.setenv("VIGIE_SORTIE", str(tmp_path / "resultats"))
    return write_forme(tmp_path / "ministere")
