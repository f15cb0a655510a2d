from django import template
from django.utils.safestring import SafeString

from mesosite.pages.markup import drawings

register = template.Library()


@register.simple_tag
def drawing(name: str, alt: str = "") -> SafeString:
    """The drawing `static/img/<name>.svg`, inline; without `alt` it is decoration."""
    return drawings.drawing(name, alt)
