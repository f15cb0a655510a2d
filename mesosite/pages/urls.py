from django.urls import path

from mesosite.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.page, name="home"),
    path("references/", views.references, name="references"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("<path:address>/", views.page, name="page"),
]
