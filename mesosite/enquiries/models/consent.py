import hashlib
from functools import cache

from django.db import models

ConsentWords = tuple[str, str, str]  # statement, text of the privacy page, language


@cache
def version_of(statement: str, privacy: str) -> str:
    return hashlib.sha256(f"{statement}\0{privacy}".encode()).hexdigest()[:12]


class ConsentText(models.Model):
    """What patients agreed to, word by word. `version` is a hash of statement and privacy page."""

    version = models.CharField(max_length=12)
    language = models.CharField(max_length=10)
    statement = models.TextField()
    privacy = models.TextField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_text_a_version")
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"

    @classmethod
    def of(cls, statement: str, privacy: str, language: str) -> "ConsentText":
        """The row of these texts, stored when somebody first agrees to them."""
        version = version_of(statement, privacy)
        texts = {"statement": statement, "privacy": privacy}
        return cls.objects.get_or_create(version=version, language=language, defaults=texts)[0]
