from django.urls import path

from mesosite.enquiries import views

app_name = "enquiries"
urlpatterns = [
    path("", views.ask, name="form"),
    path("questions/", views.bring_questions, name="questions"),
    path("sent/", views.sent, name="sent"),
]
