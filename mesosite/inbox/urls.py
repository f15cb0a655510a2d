from django.urls import include, path

from mesosite.enquiries.models.states import State
from mesosite.inbox import figures, login_urls, readiness, record
from mesosite.inbox.clinic import views as clinic
from mesosite.inbox.cover import cover
from mesosite.inbox.enquiry import by_phone, rights
from mesosite.inbox.enquiry import views as enquiry
from mesosite.inbox.lists import find, visits
from mesosite.inbox.lists import views as lists
from mesosite.inbox.people import views as people

inbox = [
    path("", lists.to_do, name="list"),
    path("newer/", lists.newer, name="newer"),
    path("in-progress/", lists.tab, {"state": State.IN_PROGRESS}, name="in_progress"),
    path("waiting/", lists.tab, {"state": State.WAITING}, name="waiting"),
    path("visits/", visits.days, name="visits"),
    path("visits/<slug:day>/", visits.printed, name="visits_printed"),
    path("closed/", lists.tab, {"state": State.CLOSED}, name="closed"),
    path("spam/", lists.tab, {"state": State.SPAM}, name="spam"),
    path("spam/seen/", lists.seen, name="seen"),
    path("slots/", lists.slots, name="slots"),
    path("find/", find.find, name="find"),
    path("phone/", by_phone.form, name="by_phone"),
    path("figures/", figures.show, name="figures"),
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
    path("cover/", cover, name="cover"),
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
    path("e/<slug:code>/", enquiry.enquiry, name="enquiry"),
    path("e/<slug:code>/phone/", by_phone.taken, name="taken_by_phone"),
    path("e/<slug:code>/health/", enquiry.health, name="health"),
    path("e/<slug:code>/step/", enquiry.step, name="step"),
    path("e/<slug:code>/undo/", enquiry.undo_step, name="undo"),
    path("e/<slug:code>/send/", enquiry.send, name="send"),
    path("e/<slug:code>/link/send/", rights.send_link, name="send_link"),
    path("e/<slug:code>/link/new/", rights.renew, name="new_link_of"),
    path("e/<slug:code>/contact/", rights.contact, name="contact"),
    path("e/<slug:code>/contact/agree/", rights.agree, name="agree"),
    path("e/<slug:code>/copy/", rights.copy, name="copy"),
    path("e/<slug:code>/lock/", rights.lock, name="lock"),
    path("e/<slug:code>/unlock/", rights.unlock, name="unlock"),
    path("e/<slug:code>/note/<int:pk>/strike/", rights.strike, name="strike"),
    path("e/<slug:code>/page/open/", rights.open_page, name="open_page"),
    path("e/<slug:code>/erase/", rights.erase, name="erase"),
    path("e/<slug:code>/free/", enquiry.free, name="free"),
]
# The names of the login are allauth's own, so only the inbox has a namespace.
urlpatterns = [path("", include((inbox, "inbox"))), *login_urls.urlpatterns]
