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
from mesosite.pages.content.references import Reference, Study, read_references, read_studies

_SUFFIXES = (".yaml", ".json")


@dataclass(frozen=True, eq=False)
class ContentFiles:
    """Reads a file of `folder` when its attribute is first used, and once. Raises ContentError."""

    folder: Path

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of the bytes of all these files: what a page's html depends on beside its own."""
        paths = [path for path in sorted(self.folder.rglob("*.*")) if path.suffix in _SUFFIXES]
        shown = "\0".join(f"{path}\0{path.read_bytes().hex()}" for path in paths)
        return sha256(shown.encode()).digest()

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
