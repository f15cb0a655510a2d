from django.urls import include, path

from mesosite.enquiries.models.states import State
from mesosite.inbox import login_urls, readiness, views

inbox = [
    path("", views.tab, {"state": State.NEW}, name="list"),
    path("in-progress/", views.tab, {"state": State.IN_PROGRESS}, name="in_progress"),
    path("waiting/", views.tab, {"state": State.WAITING}, name="waiting"),
    path("booked/", views.tab, {"state": State.BOOKED}, name="booked"),
    path("closed/", views.tab, {"state": State.CLOSED}, name="closed"),
    path("spam/", views.tab, {"state": State.SPAM}, name="spam"),
    path("spam/seen/", views.seen, name="seen"),
    path("slots/", views.slots, name="slots"),
    path("find/", views.find, name="find"),
    path("ready/", readiness.show, name="ready"),
    path("e/<slug:code>/", views.enquiry, name="enquiry"),
    path("e/<slug:code>/note/", views.note, name="note"),
    path("e/<slug:code>/read/", views.read, name="read"),
    path("e/<slug:code>/free/", views.free, name="free"),
    path("e/<slug:code>/move/<slug:to>/", views.move, name="move"),
]
# The names of the login are allauth's own, so only the inbox has a namespace.
urlpatterns = [path("", include((inbox, "inbox"))), *login_urls.urlpatterns]
