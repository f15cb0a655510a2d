from django.db import models


class SearchTerm(models.Model):
    """One keyed hash by which staff find an enquiry: see `search.index`."""

    enquiry = models.ForeignKey("enquiries.Enquiry", on_delete=models.CASCADE, related_name="terms")
    term = models.CharField(max_length=22)

    class Meta:
        indexes = [models.Index(fields=["term", "enquiry"], name="search_term")]

    def __str__(self) -> str:
        return self.term
