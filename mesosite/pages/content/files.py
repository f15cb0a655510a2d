"""The content files that several pages use."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from mesosite.pages.content.change_log import Change, read_changes
from mesosite.pages.content.charts import Chart, read_charts
from mesosite.pages.content.clinic import Clinic, read_clinic
from mesosite.pages.content.glossary import Glossary, read_glossary
from mesosite.pages.content.page_files import is_own
from mesosite.pages.content.references import Reference, Study, read_references, read_studies

_SUFFIXES = (".yaml", ".json")


@dataclass(frozen=True, eq=False)
class ContentFiles:
    """Reads a file of `folder` when its attribute is first used, and once. Raises ContentError."""

    folder: Path

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the bytes of all these files: what a page's html depends on beside its own."""
        shown = "\0".join(
            f"{path.relative_to(self.folder)}\0{_bytes(path).hex()}" for path in self.data_paths
        )
        return sha256(shown.encode()).digest()

    @property
    def data_paths(self) -> list[Path]:
        """The YAML and JSON files, without an editor's own, such as `.#clinic.yaml`."""
        found = sorted(self.folder.rglob("*.*"))
        return [path for path in found if path.suffix in _SUFFIXES and not is_own(path.name)]

    @cached_property
    def clinic(self) -> Clinic:
        return read_clinic(self.folder / "clinic.yaml")

    @cached_property
    def changes(self) -> list[Change]:
        return read_changes(self.folder / "changes.yaml")

    @cached_property
    def references(self) -> dict[str, Reference]:
        return read_references(self.folder / "references.json")

    @cached_property
    def studies(self) -> dict[str, Study]:
        """{key of the source: Study}."""
        return read_studies(self.folder / "studies.yaml")

    @cached_property
    def charts(self) -> dict[str, Chart]:
        return read_charts(self.folder / "charts.yaml", self.references)

    @cached_property
    def glossaries(self) -> dict[str, Glossary]:
        """{language: Glossary}. Only the site's first language must have its words.yaml."""
        found = {language: Glossary() for language, _name in settings.LANGUAGES}
        for language in found:
            path = self.folder / language / "words.yaml"
            if path.exists() or language == settings.LANGUAGE_CODE:
                found[language] = read_glossary(path)
        return found


def _bytes(path: Path) -> bytes:
    """b"" for what cannot be read: its own reader says so."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
