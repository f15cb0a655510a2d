from django.urls import path

from mesosite.pages.views import generated, leaflet, pages, search

app_name = "pages"
urlpatterns = [
    path("", pages.page, name="home"),
    path("search/", search.search, name="search"),
    path("words/", generated.glossary, name="words"),
    path("references/", generated.references, name="references"),
    path("leaflet/", leaflet.whole, name="leaflet"),
    path("leaflet/print/", leaflet.chosen, name="leaflet-print"),
    path("leaflet/check/", leaflet.check, name="leaflet-check"),
    path("about/quality/", generated.quality, name="quality"),
    path("robots.txt", generated.robots, name="robots"),
    path("sitemap.xml", generated.sitemap, name="sitemap"),
    path("<path:address>/", pages.page, name="page"),
]
