"""The content files that several pages use."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from mesosite.pages.content.change_log import Change, read_changes
from mesosite.pages.content.charts import Chart, read_charts
from mesosite.pages.content.clinic import Clinic, read_clinic
from mesosite.pages.content.errors import ContentError
from mesosite.pages.content.findings import Finding, read_findings
from mesosite.pages.content.glossary import Glossary, read_glossary
from mesosite.pages.content.help import Help, read_help
from mesosite.pages.content.page_files import is_own
from mesosite.pages.content.redirects import Redirect, read_redirects
from mesosite.pages.content.references import Reference, Study, read_references, read_studies
from mesosite.pages.content.to_confirm import ToConfirm, read_to_confirm

_SHARED = (".yaml", ".json")
_SUFFIXES = (*_SHARED, ".md")


def read_all(folder: Path) -> dict[str, bytes]:
    """The bytes of every content file, by its path in `folder`."""
    paths = [path for path in sorted(folder.rglob("*.*")) if path.suffix in _SUFFIXES]
    found = [path for path in paths if path.is_file() and not is_own(path.name)]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def digest_of(files: dict[str, bytes]) -> bytes:
    """SHA-256 of all names and bytes."""
    return sha256("\0".join(f"{name}\0{files[name].hex()}" for name in files).encode()).digest()


@dataclass(frozen=True, eq=False)
class ContentFiles:
    """Reads a file of `folder` when its attribute is first used, and once. Raises ContentError."""

    folder: Path

    @cached_property
    def state(self) -> bytes:
        """SHA-256 of the bytes of all files when it was first used, which is before any is read."""
        return digest_of(read_all(self.folder))

    def copy_to(self, folder: Path) -> None:
        """Copies what was read into the new folder `folder`.

        Raises ContentError where a file was changed after it was read.
        """
        files = read_all(self.folder)
        if digest_of(files) != self.state:
            message = "The content was changed while it was published."
            raise ContentError(self.folder, 0, message, "Publish it again.")
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    @property
    def data_paths(self) -> list[Path]:
        """The YAML and JSON files, without an editor's own, such as `.#clinic.yaml`."""
        found = sorted(self.folder.rglob("*.*"))
        return [path for path in found if path.suffix in _SHARED and not is_own(path.name)]

    @cached_property
    def clinic(self) -> Clinic:
        return read_clinic(self.folder / "clinic.yaml", self.help_by_country)

    @cached_property
    def help_by_country(self) -> dict[str, Help]:
        """{two letters of a country, or "everywhere": Help}."""
        return read_help(self.folder / "help.yaml")

    @cached_property
    def changes(self) -> list[Change]:
        return read_changes(self.folder / "changes.yaml")

    @cached_property
    def redirects(self) -> dict[str, Redirect]:
        """{old address: Redirect}."""
        return read_redirects(self.folder / "redirects.yaml")

    @cached_property
    def references(self) -> dict[str, Reference]:
        return read_references(self.folder / "references.json")

    @cached_property
    def studies(self) -> dict[str, Study]:
        """{key of the source: Study}."""
        return read_studies(self.folder / "studies.yaml")

    @cached_property
    def to_confirm(self) -> tuple[ToConfirm, ...]:
        return read_to_confirm(self.folder / "to_confirm.yaml", self.references)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        return read_findings(self.folder / "findings.yaml", self.references)

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
