"""The browser and the small ministry of the forms' tests."""

from tests.forms.conftest import ministere, navigateur

__all__ = ["ministere", "navigateur"]
