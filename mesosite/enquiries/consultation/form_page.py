"""The page with the consultation form, made of what everyone sees and of what one visitor sees.

What everyone sees is made once and kept. No token, and nothing that a visitor typed or chose, is
among it: such fields are made for each showing.
"""

from collections.abc import Hashable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe

from mesosite.enquiries.answer_times import Promise, promise, whom_to_ring
from mesosite.enquiries.consultation.consent import consent_version
from mesosite.enquiries.consultation.form_layout import Gap, template_in_a_gap
from mesosite.enquiries.consultation.forms import ConsultationForm
from mesosite.enquiries.consultation.tokens import new_token
from mesosite.pages.catalogue import clinic
from mesosite.pages.context_processors import site_context, site_key

Items = tuple[tuple[str, Any], ...]
_PLACE = "token-of-the-form"
_ABOVE = {"errors": "enquiries/problem.html", "before": "enquiries/before_you_start.html"}


class Frame(NamedTuple):
    """The page of everyone.

    parts: HTML and the names of gaps in turns. fields, values: {name: HTML}, {name: value} of each
    field before anything is filled in.
    """

    parts: list[str]
    fields: dict[str, str]
    values: dict[str, Any]


def form_page(form: ConsultationForm | None = None, *, not_sent: bool = False) -> str:
    """The page with this form, and with its errors; without one, with nothing filled in.

    not_sent: it says that the request was not stored.
    """
    now = timezone.now()
    promised = promise(now)
    problems = form.problems() if form else []
    kept = frame(*made_from(promised, now, is_wrong=bool(problems or not_sent)))
    context = {"clinic": clinic(), "problems": problems, "not_sent": not_sent}
    context |= promised._asdict()
    own: dict[str, str] = {
        name: render_to_string(template, context) for name, template in _ABOVE.items()
    }
    own |= _filled_in(form, kept) if form else _with_new_token(kept)
    inside = kept.fields | own
    return "".join(inside[part] if n % 2 else part for n, part in enumerate(kept.parts))


def made_from(promised: Promise, now: datetime, *, is_wrong: bool) -> tuple[Hashable, Items, bool]:
    """The arguments of `frame`: all that it depends on."""
    ring = whom_to_ring(now, promised.opening)
    return (site_key(), consent_version()), tuple(ring.items()), is_wrong


@lru_cache(maxsize=8)
def frame(_key: Hashable, ring: Items, is_wrong: bool) -> Frame:
    """What everyone sees. ring: the items of `whom_to_ring`; _key: all else that it is made from.

    is_wrong: the page tells of an error.
    """
    form = ConsultationForm(initial={"token": _PLACE})
    above = {name: mark_safe(Gap(name).render()) for name in _ABOVE}  # noqa: S308  (our own)
    context = site_context() | dict(ring) | {"form": form, "is_wrong": is_wrong} | above
    page = render_to_string("enquiries/form.html", context)
    fields = {name: _field(form, name) for name in form.fields}
    return Frame(page.split(Gap.MARK), fields, {name: _value(form, name) for name in form.fields})


def _with_new_token(kept: Frame) -> dict[str, str]:
    return {"token": kept.fields["token"].replace(_PLACE, new_token())}


def _filled_in(form: ConsultationForm, kept: Frame) -> dict[str, str]:
    """{name: HTML} of the fields that are not as they are before anything is filled in."""
    changed = [
        name
        for name in form.fields
        if name in form.errors or _value(form, name) != kept.values[name]
    ]
    return {name: _field(form, name) for name in changed}


def _value(form: ConsultationForm, name: str) -> Any:
    """What the field shows; None for each kind of nothing."""
    return form[name].value() or None


def _field(form: ConsultationForm, name: str) -> str:
    return render_to_string(template_in_a_gap(name), {"form": form, "field": form[name]})
