from django.urls import path

from mesosite.enquiries.consultation import views as consultation
from mesosite.enquiries.patient import views as patient

app_name = "enquiries"
urlpatterns = [
    path("", consultation.consultation_form, name="form"),
    path("questions/", consultation.bring_questions, name="questions"),
    path("sent/", consultation.sent, name="sent"),
    path("address/<str:token>/", patient.confirm_address, name="confirm_address"),
    path("erased/", patient.erased, name="erased"),
    path("r/<str:link>/", patient.show, name="patient"),
    path("r/<str:link>/message/", patient.add_message, name="message"),
    path("r/<str:link>/prepare/", patient.prepare, name="prepare"),
    path("r/<str:link>/correct/", patient.correct, name="correct"),
    path("r/<str:link>/download/json", patient.download, {"kind": "json"}, name="patient_json"),
    path("r/<str:link>/download/html", patient.download, {"kind": "html"}, name="patient_html"),
    path("r/<str:link>/visit/file", patient.visit_file, name="visit_file"),
    path("r/<str:link>/visit/cancel/", patient.cancel_visit, name="cancel_visit"),
    path("r/<str:link>/visit/reminder/", patient.remind, name="reminder"),
    path("r/<str:link>/withdraw/", patient.withdraw, name="withdraw"),
    path("r/<str:link>", patient.elsewhere),
    path("r/<str:link>/<path:rest>", patient.elsewhere),
]
