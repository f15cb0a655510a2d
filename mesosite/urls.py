"""The whole site on one screen."""

from django.conf import settings
from django.urls import include, path

from mesosite import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("consultation/", include("mesosite.enquiries.urls")),
    path("staff/", include("mesosite.inbox.urls")),
]
if settings.DEBUG:
    urlpatterns += [path("__reload__/", include("django_browser_reload.urls"))]
urlpatterns += [path("", include("mesosite.pages.urls"))]

handler400 = "mesosite.pages.views.errors.bad_request"
handler403 = "mesosite.pages.views.errors.forbidden"
handler404 = "mesosite.pages.views.errors.not_found"
handler500 = "mesosite.inbox.errors.server_error"
