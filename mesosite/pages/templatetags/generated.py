from django import template

from mesosite.pages.views.generated import footer_pages

register = template.Library()
register.simple_tag(footer_pages)
