"""JSON-LD: a page as machines read it. It states nothing that the page does not show.

Names: https://schema.org/MedicalWebPage, https://schema.org/FAQPage
"""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mesosite.pages.catalogue import all_pages, clinic
from mesosite.pages.page import Page

_FOR_HTML = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}
Data = dict[str, Any]


def json_ld(page: Page) -> SafeString:
    """The page's JSON-LD, safe inside a script element."""
    said = [
        {"@context": "https://schema.org"} | part
        for part in (_page_data(page), _clinic_data(page))
        if part
    ]
    text = json.dumps(said if said[1:] else said[0], ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_FOR_HTML))  # noqa: S308  (no sign of HTML is left in it)


def _page_data(page: Page) -> Data:
    found: Data = {
        "@type": "MedicalWebPage" if page.group == "read" else "WebPage",
        "url": settings.SITE_URL + page.url,
        "name": page.title,
        "audience": {"@type": "MedicalAudience", "audienceType": page.audience},
    }
    if cited := [reference.url for reference in page.references if reference.url]:
        found["citation"] = cited
    if page.address:
        found["breadcrumb"] = _breadcrumbs(page)
    if page.reviewed:
        found["dateModified"] = page.checked.isoformat()
        found["lastReviewed"] = page.reviewed.on.isoformat()
        found["reviewedBy"] = {"@type": "Person", "name": page.reviewed.by}
    if page.address.split("/")[-1] == "faqs":
        found["@type"] = [found["@type"], "FAQPage"]
        found["mainEntity"] = list(_answers(page))
    return found


def _answers(page: Page) -> Iterator[Data]:
    """Each heading that asks, with the first paragraph below it that is ours and not a claim."""
    for part in page.sections:
        own = (p.text for p in part.pieces if p.tag == "p" and not p.said)
        if part.heading.endswith("?") and (answer := next(own, "")):
            yield {
                "@type": "Question",
                "name": part.heading,
                "acceptedAnswer": {"@type": "Answer", "text": answer},
            }


def _breadcrumbs(page: Page) -> Data:
    """The way from the first page down to this one, through the pages that its address names."""
    parts = page.url.strip("/").split("/")
    addresses = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    pages = [all_pages()[address] for address in addresses if address in all_pages()]
    steps = [(clinic().name or _("Acne scars and mesotherapy"), "/")]
    steps += [(step.nav, step.url) for step in pages]
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": settings.SITE_URL + url}
        for n, (name, url) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _clinic_data(page: Page) -> Data | None:
    """The clinic, on the pages that print its details, as far as it has set them."""
    us = clinic()
    if us.demonstration or not page.tree.find_class("show--clinic"):
        return None
    details = {"name": us.name, "address": us.address, "telephone": us.phone, "email": us.email}
    return {"@type": "MedicalClinic"} | {key: said for key, said in details.items() if said}
