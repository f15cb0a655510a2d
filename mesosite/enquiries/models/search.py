from django.db import models


class SearchTermQuerySet(models.QuerySet["SearchTerm"]):
    def bits_in_use(self) -> list[int]:
        """The lengths that stored hashes may have: one, and while they change all between two."""
        longest = SearchTerm.objects.order_by("-bits", "-term", "-enquiry").values("bits")[:1]
        rows = self.order_by("bits", "term", "enquiry").annotate(longest=models.Subquery(longest))
        found = rows.values_list("bits", "longest").first()
        return list(range(found[0], found[1] + 1)) if found else []


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
