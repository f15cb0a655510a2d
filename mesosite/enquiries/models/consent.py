import hashlib
from functools import cache

from django.db import models


@cache
def version_of(shown, privacy):
    return hashlib.sha256(f"{shown}\0{privacy}".encode()).hexdigest()[:12]


class ConsentText(models.Model):
    """What patients agreed to, word by word: the consent statement and the privacy page.

    `version` is made from the words, so that a changed word is another version.
    """

    version = models.CharField(max_length=12)
    language = models.CharField(max_length=10)
    statement = models.TextField()
    privacy = models.TextField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="one_text_a_version")
        ]

    def __str__(self):
        return f"{self.version} ({self.language})"

    @classmethod
    def of(cls, statement, privacy, language):
        """The row of these words, stored when they are first agreed to."""
        version = version_of(statement, privacy)
        words = {"statement": statement, "privacy": privacy}
        return cls.objects.get_or_create(version=version, language=language, defaults=words)[0]
