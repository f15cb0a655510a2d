from django import template

from mesosite.pages.markup.drawings import drawing

register = template.Library()
register.simple_tag(drawing)
