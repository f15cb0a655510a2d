from django.urls import path

from mesosite.enquiries import own_views, views

app_name = "enquiries"
urlpatterns = [
    path("", views.ask, name="form"),
    path("questions/", views.bring_questions, name="questions"),
    path("sent/", views.sent, name="sent"),
    path("erased/", own_views.erased, name="erased"),
    path("r/<str:link>/", own_views.show, name="patient"),
    path("r/<str:link>/message/", own_views.add_message, name="message"),
    path("r/<str:link>/correct/", own_views.correct, name="correct"),
    path("r/<str:link>/download/json", own_views.download, {"kind": "json"}, name="patient_json"),
    path("r/<str:link>/download/html", own_views.download, {"kind": "html"}, name="patient_html"),
    path("r/<str:link>/withdraw/", own_views.withdraw, name="withdraw"),
    path("r/<str:link>", own_views.elsewhere),
    path("r/<str:link>/<path:rest>", own_views.elsewhere),
]
