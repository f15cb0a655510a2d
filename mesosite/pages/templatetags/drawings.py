from django import template

from mesosite.pages.markup import drawings

register = template.Library()


@register.simple_tag
def drawing(name, alt=""):
    """The drawing `static/img/<name>.svg`, inline; without `alt` it is decoration."""
    return drawings.drawing(name, alt)
