"""A form page as Wagtail's guide writes it. Source: docs.wagtail.org, “Form builder”."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractForm, AbstractFormField


class FormField(AbstractFormField):
    page = ParentalKey("FormPage", on_delete=models.CASCADE, related_name="form_fields")


class FormPage(AbstractForm):
    """Stores what is sent. It sends no mail, so that it does no more than is compared."""
