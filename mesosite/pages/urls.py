from django.urls import path, register_converter
from django.urls.converters import StringConverter

from mesosite.pages.content.page_files import ADDRESS
from mesosite.pages.views import leaflet, pages, search
from mesosite.pages.views.generated import GENERATED, view_of


class PageAddress(StringConverter):
    """The address that a page can have. Django adds a slash to no other one, such as /robot.txt."""

    regex = ADDRESS


register_converter(PageAddress, "address")

app_name = "pages"
urlpatterns = [
    path("", pages.page, name="home"),
    path("favicon.ico", pages.favicon),
    path("search/", search.search, name="search"),
    path("leaflet/print/", leaflet.chosen, name="leaflet-print"),
    path("leaflet/check/", leaflet.check, name="leaflet-check"),
    *(path(made.address, view_of(made), name=made.name) for made in GENERATED),
    path("<address:address>/", pages.page, name="page"),
]
