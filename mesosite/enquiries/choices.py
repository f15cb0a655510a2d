"""Every choice of the consultation form: the stored values and their labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mesosite.pages.content.scar_types import ScarType as ScarType


class Topic(TextChoices):
    MICRONEEDLING = "microneedling", _("Micro-needling")
    PEEL = "peel", _("A chemical peel")
    PLATELETS = "platelets", _("Your own platelets (PRP)")
    INJECTIONS = "injections", _("Injections")
    NOT_SURE = "not_sure", _("I am not sure")


class Health(TextChoices):
    PREGNANT = "pregnant", _("I am pregnant or breastfeeding")
    ISOTRETINOIN = "isotretinoin", _("I take isotretinoin, or did in the last 6 months")
    BLEEDING = "bleeding", _("I take blood thinners, or I bleed easily")
    IMMUNITY = "immunity", _("My immune system is weak")
    KELOID_ALLERGY = "keloid_allergy", _("I get raised scars, or have an allergy")
    COLD_SORES = "cold_sores", _("I get cold sores")
    NONE = "none", _("None of these")
    IN_PERSON = "in_person", _("I would rather say it in person")


HEALTH_ANSWERS = ("health", "scar_types")
"""The keys of `Enquiry.answers` that clinicians alone read."""


class ContactBy(TextChoices):
    EMAIL = "email", _("Email")
    PHONE = "phone", _("Phone call")
    TEXT = "text", _("Text message")
    EITHER = "either", _("Either is fine")


class YesNo(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class HelpNeeded(TextChoices):
    INTERPRETER = "interpreter", _("An interpreter")
    ACCESS = "access", _("Step-free access")
    WOMAN = "woman", _("A woman to treat me")
    MAN = "man", _("A man to treat me")


class BestTime(TextChoices):
    MORNING = "morning", _("Morning")
    MIDDAY = "midday", _("Midday")
    AFTERNOON = "afternoon", _("Afternoon")
    EVENING = "evening", _("Evening")


class Language(TextChoices):
    """The languages in which staff answer, each in its own words, so that its readers find it."""

    EN = "en", "English"
    EL = "el", "Ελληνικά"
