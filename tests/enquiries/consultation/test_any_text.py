"""Whatever anybody types into any field: a clear answer, and never markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mesosite import normal_form
from mesosite.enquiries.consultation.forms import ConsultationForm
from mesosite.enquiries.models import Enquiry
from tests.enquiries.filled_in import code_of, said, send

pytestmark = pytest.mark.django_db

MARKUP = (
    "<i id=planted>",
    "\"'><i id=planted>",
    "{% now 'Y' %}",
    "{{ form.helper }}",
    "</textarea>",
    "",
)
texts = st.builds(lambda markup, text: markup + text, st.sampled_from(MARKUP), st.text(max_size=60))
names = st.sampled_from(sorted({*ConsultationForm.base_fields, "phone"} - {"token"}))


@given(st.dictionaries(names, texts, min_size=1))
def test_no_text_in_any_field_breaks_the_form_or_becomes_markup(typed):
    before = Enquiry.objects.count()
    response = send(**typed)

    assert response.status_code in (200, 302, 422)
    if response.status_code == 302:
        assert Enquiry.objects.filter(code=code_of(response)).exists()
    else:
        assert Enquiry.objects.count() == before
    assert "<i id=planted>" not in said(response)
    assert "FormHelper" not in said(response)


@given(name=texts.filter(str.strip), message=texts)
def test_what_is_accepted_is_stored_in_its_normal_form(name, message):
    Enquiry.objects.update(sent_hash=None)  # or it may be the same as an example before
    response = send(name=name, message=message)
    if response.status_code == 302:
        enquiry = Enquiry.objects.get(code=code_of(response))

        assert enquiry.contact["name"] == normal_form.line(name) != ""
        assert enquiry.answers["message"] == normal_form.words(message)
