from django.urls import include, path

from mesosite.enquiries.models.states import State
from mesosite.inbox import login_urls, readiness, record, views, visits
from mesosite.inbox.clinic import views as clinic
from mesosite.inbox.people import views as people

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
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite, name="invite"),
    path("people/<int:person>/", people.person, name="person"),
    path("people/<int:person>/away/", people.away, name="person_away"),
    path("people/<int:person>/disable/", people.disable, name="disable"),
    path("people/<int:person>/enable/", people.enable, name="enable"),
    path("people/<int:person>/link/", people.new_link, name="new_link"),
    path("people/<int:person>/second-step/", people.reset_factor, name="reset_factor"),
    path("me/", people.me, name="me"),
    path("me/away/", people.my_away, name="my_away"),
    path("me/sessions/end/", people.end_other_sessions, name="my_sessions"),
    path("clinic/", clinic.page, name="clinic"),
    path("clinic/answers/", clinic.values, name="clinic_values"),
    path("clinic/closures/new/", clinic.closure, name="closure_new"),
    path("clinic/closures/<int:pk>/", clinic.closure, name="closure"),
    path("clinic/closures/<int:pk>/remove/", clinic.remove_closure, name="closure_remove"),
    path("clinic/replies/new/", clinic.reply, name="reply_new"),
    path("clinic/replies/<int:pk>/", clinic.reply, name="reply"),
    path("clinic/replies/<int:pk>/remove/", clinic.remove_reply, name="reply_remove"),
    path("e/<slug:code>/", views.enquiry, name="enquiry"),
    path("e/<slug:code>/step/", views.step, name="step"),
    path("e/<slug:code>/undo/", views.undo_step, name="undo"),
    path("e/<slug:code>/send/", views.send, name="send"),
    path("e/<slug:code>/free/", views.free, name="free"),
]
# The names of the login are allauth's own, so only the inbox has a namespace.
urlpatterns = [path("", include((inbox, "inbox"))), *login_urls.urlpatterns]
