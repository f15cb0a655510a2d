from django.urls import path

from mesosite.pages.views import leaflet, pages, search
from mesosite.pages.views.generated import GENERATED, view_of

app_name = "pages"
urlpatterns = [
    path("", pages.page, name="home"),
    path("search/", search.search, name="search"),
    path("leaflet/print/", leaflet.chosen, name="leaflet-print"),
    path("leaflet/check/", leaflet.check, name="leaflet-check"),
    *(path(made.address, view_of(made), name=made.name) for made in GENERATED),
    path("<path:address>/", pages.page, name="page"),
]
