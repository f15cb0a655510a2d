from django.db import models
from django.db.models import Q

from mesosite.enquiries.encryption.keys import lookup_hashes
from mesosite.enquiries.models.states import State
from mesosite.pages.base32 import normal_code


class EnquiryQuerySet(models.QuerySet):
    """A tab of the inbox is `in_state`; `in_turn`: the urgent first, then the longest waiting."""

    def in_state(self, state):
        return self.filter(state=state)

    def with_code(self, text):
        return self.filter(code=normal_code(text))

    def with_link(self, link):
        """The enquiry of a patient's link. An erased one has none."""
        return self.filter(link_hash__in=lookup_hashes("link", link))

    def slots_to_free(self):
        """Tombstones of patients who cancelled a visit; their times can be given to others."""
        return self.filter(state=State.ERASED, visit_at__isnull=False).order_by("visit_at", "id")

    def in_turn(self):
        return self.order_by("priority", "asked_at", "id")

    def by_visit(self):
        return self.order_by("visit_at", "id")

    def latest_first(self):
        return self.order_by("-state_since", "-id")

    def state_counts(self):
        """{State: (how many there are, how many of them have news)}, zeros included."""
        counts = {"n": models.Count("id"), "news": models.Count("id", filter=Q(has_news=True))}
        rows = self.order_by().values_list("state").annotate(**counts)
        return dict.fromkeys(State, (0, 0)) | {State(state): (n, news) for state, n, news in rows}
