"""The page that asks before what cannot be undone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from mesosite.inbox.access import StaffRequest
from mesosite.inbox.lists.menu import menu


def confirm(
    request: StaffRequest,
    question: str,
    words: str,
    submit: str,
    *,
    back: str,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """back: the address to which “Back” leads. context: `form`, where it asks for a reason."""
    context |= {"question": question, "words": words, "submit": submit, "back": back} | menu()
    return render(request, "inbox/confirm.html", context, status=status)
