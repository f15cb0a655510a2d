from collections.abc import Iterator

from django.db import models


class SearchTermQuerySet(models.QuerySet["SearchTerm"]):
    def bits_in_use(self) -> list[int]:
        """The lengths of the stored hashes, the shortest first: one, and two while they change."""
        return list(self._bits_in_use())

    def _bits_in_use(self) -> Iterator[int]:
        bits = -1
        while (
            longer := self.filter(bits__gt=bits).order_by("bits", "term", "enquiry").first()
        ) is not None:
            yield (bits := longer.bits)


class SearchTerm(models.Model):
    """One keyed hash by which staff find an enquiry, cut to so few `bits` that many share it.

    See `search.index`.
    """

    enquiry = models.ForeignKey("enquiries.Enquiry", on_delete=models.CASCADE, related_name="terms")
    bits = models.SmallIntegerField()
    term = models.IntegerField()

    objects = SearchTermQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["bits", "term", "enquiry"], name="search_term")]

    def __str__(self) -> str:
        return f"{self.term:0{self.bits}b}"
