from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from mesosite.enquiries.encryption.keys import lookup_hashes
from mesosite.enquiries.models.states import State
from mesosite.pages.base32 import normal_code

if TYPE_CHECKING:
    from mesosite.enquiries.models.enquiry import Enquiry


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def with_code(self, text: str) -> Self:
        """The enquiry of a code as somebody typed it."""
        return self.filter(code=normal_code(text))

    def with_link(self, link: str) -> Self:
        """The enquiry of a patient's link. An erased one has none."""
        return self.filter(link_hash__in=lookup_hashes("link", link))

    def slots_to_free(self) -> Self:
        """Tombstones of patients who cancelled a visit; their times can be given to others."""
        return self.filter(state=State.ERASED, visit_at__isnull=False).order_by("visit_at", "id")

    def in_turn(self) -> Self:
        """The urgent first, then the longest waiting."""
        return self.order_by("priority", "asked_at", "id")

    def by_visit(self) -> Self:
        return self.order_by("visit_at", "id")

    def latest_first(self) -> Self:
        return self.order_by("-state_since", "-id")

    def state_counts(self) -> dict[State, tuple[int, int]]:
        """{State: (number of enquiries, number of them with news)}, zeros included."""
        counts = {"n": models.Count("id"), "news": models.Count("id", filter=Q(has_news=True))}
        rows = self.order_by().values_list("state").annotate(**counts)
        return dict.fromkeys(State, (0, 0)) | {State(state): (n, news) for state, n, news in rows}
