from django.urls import include, path

from mesosite.enquiries.models.states import State
from mesosite.inbox import login_urls, readiness, record, views, visits

inbox = [
    path("", views.to_do, name="list"),
    path("newer/", views.newer, name="newer"),
    path("in-progress/", views.tab, {"state": State.IN_PROGRESS}, name="in_progress"),
    path("waiting/", views.tab, {"state": State.WAITING}, name="waiting"),
    path("visits/", visits.days, name="visits"),
    path("visits/<slug:day>/", visits.printed, name="visits_printed"),
    path("closed/", views.tab, {"state": State.CLOSED}, name="closed"),
    path("spam/", views.tab, {"state": State.SPAM}, name="spam"),
    path("spam/seen/", views.seen, name="seen"),
    path("slots/", views.slots, name="slots"),
    path("find/", views.find, name="find"),
    path("ready/", readiness.show, name="ready"),
    path("record/", record.everything, name="record"),
    path("record/request/<slug:code>/", record.of_enquiry, name="record_of_enquiry"),
    path("record/person/<int:pk>/", record.of_person, name="record_of_person"),
    path("e/<slug:code>/", views.enquiry, name="enquiry"),
    path("e/<slug:code>/step/", views.step, name="step"),
    path("e/<slug:code>/undo/", views.undo_step, name="undo"),
    path("e/<slug:code>/send/", views.send, name="send"),
    path("e/<slug:code>/free/", views.free, name="free"),
]
# The names of the login are allauth's own, so only the inbox has a namespace.
urlpatterns = [path("", include((inbox, "inbox"))), *login_urls.urlpatterns]
