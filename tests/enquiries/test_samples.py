"""Made-up enquiries: believable, within the rules, and kept away from real ones."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mesosite.enquiries.models import Enquiry, Entry
from mesosite.enquiries.models.states import TRANSITIONS, State

pytestmark = pytest.mark.django_db


def make(number, **options):
    call_command("sample_enquiries", number, verbosity=0, stdout=StringIO(), **options)


def test_they_fill_every_state_and_keep_its_rules():
    make(200, seed=1)

    assert set(Enquiry.objects.values_list("state", flat=True)) == {*State} - {State.ERASED}
    assert not Enquiry.objects.filter(state=State.BOOKED, visit_at=None).exists()
    for before, after in Entry.objects.filter(kind="moved").values_list("from_state", "to_state"):
        assert after in TRANSITIONS[before]


def test_each_timeline_begins_with_its_arrival_and_ends_in_its_state():
    make(60, seed=2)

    for enquiry in Enquiry.objects.prefetch_related("timeline"):
        first, *_rest = timeline = list(enquiry.timeline.all())
        assert (first.kind, first.at) == ("received", enquiry.created_at)
        assert (timeline[-1].to_state, timeline[-1].at) == (enquiry.state, enquiry.state_since)
        assert len(timeline) == enquiry.version


def test_the_same_seed_tells_the_same_stories():
    make(5, seed=3)
    make(5, seed=3)
    told = [row.contact for row in Enquiry.objects.order_by("id")]

    assert told[:5] == told[5:]


def test_a_clinics_own_site_refuses_them(as_clinic):
    as_clinic()
    with pytest.raises(CommandError, match="--force"):
        make(1)

    assert not Enquiry.objects.exists()
    make(1, force=True)
    assert Enquiry.objects.count() == 1
