import random
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from mesosite.enquiries.models import Enquiry, Entry, Message, OutgoingMail, SearchTerm
from mesosite.enquiries.samples import sample
from mesosite.enquiries.search import index
from mesosite.pages.catalogue import clinic, content

BATCH = 1000


class Command(BaseCommand):
    help = "Adds made-up enquiries, for development and for measuring."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int)
        parser.add_argument("--seed", type=int, help="the same people and stories every time")
        parser.add_argument("--force", action="store_true", help="even among real enquiries")

    def handle(self, number: int, seed: int | None, force: bool, **options: Any) -> None:
        if not (settings.DEBUG or clinic().demonstration or force):
            raise CommandError("This site is a clinic's own: --force mixes made-up requests in.")
        chance = random.Random(seed)  # noqa: S311  (stories, no secrets)
        for start in range(0, number, BATCH):
            self._add(chance, min(BATCH, number - start))
        self.stdout.write(f"{number} made-up enquiries added.")

    def _add(self, chance: random.Random, number: int) -> None:
        staff = list(get_user_model().objects.filter(is_active=True).order_by("pk"))
        questions = [question for page in content().parsed[0] for question in page.questions]
        made = [sample(chance, questions, staff) for _n in range(number)]
        with transaction.atomic():
            enquiries = Enquiry.objects.bulk_create(one.enquiry for one in made)
            bits = max(SearchTerm.objects.bits_in_use(), default=0)
            terms = (term for enquiry in enquiries for term in index.search_terms(enquiry, bits))
            SearchTerm.objects.bulk_create(terms)
            Entry.objects.bulk_create(entry for one in made for entry in one.timeline)
            Message.objects.bulk_create(message for one in made for message in one.messages)
            OutgoingMail.objects.bulk_create(mail for one in made for mail in one.mails)
