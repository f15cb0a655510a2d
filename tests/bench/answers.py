"""Made-up answers to the consultation form: no two requests say the same, and all can be accepted.

Needs Django to be set up. What is sent to the product and to the yardstick is the same.
"""

from django import forms

from mesosite.enquiries.choices import BestTime, ContactBy, HelpNeeded, Language, Topic, YesNo
from mesosite.enquiries.consultation.forms import ConsultationForm
from mesosite.enquiries.samples import MESSAGES, PEOPLE
from mesosite.pages.catalogue import all_questions

OF_THE_SITE = ("token", "website")  # no answers: they guard the form


def made_up(random):
    """One patient's answers as {field: text, or a list of choices}. random: random.Random."""
    (name, mailbox, language), (other, *_rest) = random.sample(PEOPLE, 2)
    mark = f"{random.getrandbits(32):08x}"
    return {
        "problem": YesNo.NO.value,
        "topics": some(random, Topic.values, 1, 2),
        "questions": some(random, list(all_questions()), 2, 6),
        "message": message(random, mark),
        "name": f"{name.split()[0]} {other.split()[-1]}",
        "email": f"{mailbox}.{mark}@example.com",
        "phone": f"+3069{random.randrange(10**8):08}",
        "contact_by": random.choice(ContactBy.values),
        "leave_message": random.choice(YesNo.values),
        "best_time": some(random, BestTime.values, 1, 3),
        "help_needed": some(random, HelpNeeded.values, 0, 2),
        "language": random.choice([language, Language.EN]).value,
        "adult": YesNo.YES.value,
        "consent": "on",
    }


def some(random, values, fewest, most):
    return random.sample(values, min(len(values), random.randint(fewest, most)))


def message(random, mark):
    """Some hundred characters."""
    said = random.sample([text for text in MESSAGES if text], random.randint(4, 8))
    return "\n".join([*said, f"({mark})"])


def fields():
    """The same fields for the yardstick: [{"name", "kind", "required", "choices", "help"}]."""
    form = ConsultationForm()
    asked = {name: field for name, field in form.fields.items() if name not in OF_THE_SITE}
    return [
        {
            "name": name,
            "kind": kind_of(field),
            "required": field.required,
            "choices": [str(value) for value, _shown in getattr(field, "choices", ())],
            "help": str(field.help_text),
        }
        for name, field in asked.items()
    ]


def kind_of(field):
    """What Wagtail calls such a field."""
    kinds = {
        forms.MultipleChoiceField: "checkboxes",
        forms.ChoiceField: "radio",
        forms.EmailField: "email",
        forms.BooleanField: "checkbox",
    }
    if isinstance(field.widget, forms.Textarea):
        return "multiline"
    return next((kind for cls, kind in kinds.items() if isinstance(field, cls)), "singleline")
