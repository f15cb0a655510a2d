from django.urls import path

from mesosite.pages import finding, leaflet_views, quality, views

app_name = "pages"
urlpatterns = [
    path("", views.page, name="home"),
    path("search/", finding.search, name="search"),
    path("words/", finding.words, name="words"),
    path("references/", views.references, name="references"),
    path("leaflet/", leaflet_views.whole, name="leaflet"),
    path("leaflet/print/", leaflet_views.chosen, name="leaflet-print"),
    path("leaflet/check/", leaflet_views.check, name="leaflet-check"),
    path("about/quality/", quality.quality, name="quality"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("<path:address>/", views.page, name="page"),
]
