"""Makes the tables and publishes the form page, with the fields that it reads from its input."""

import json
import sys

import django


def main(fields):
    from django.core.management import call_command
    from wagtail.models import Page, Site
    from wagtail_site.models import FormField, FormPage

    call_command("migrate", verbosity=0)
    page = FormPage(title="Ask for a consultation", slug="consultation")
    page.form_fields = [
        FormField(
            sort_order=number,
            label=field["name"],
            field_type=field["kind"],
            required=field["required"],
            choices="\n".join(field["choices"]),
            help_text=field["help"],
        )
        for number, field in enumerate(fields)
    ]
    Site.objects.get().root_page.add_child(instance=page)
    made = list(page.form_fields.values_list("clean_name", flat=True))
    assert made == [field["name"] for field in fields], made
    assert Page.objects.live().filter(pk=page.pk).exists()


if __name__ == "__main__":
    django.setup()
    main(json.load(sys.stdin))
