from django import template
from django.utils.safestring import SafeString, mark_safe

from mesosite.pages.markup import drawings

register = template.Library()


@register.simple_tag
def drawing(name: str) -> SafeString:
    return mark_safe(drawings.with_files(drawings.drawing(name)))  # noqa: S308  (our own drawings)
