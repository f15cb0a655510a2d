import random

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mesosite.enquiries.models import Enquiry, Entry, Message, OutgoingMail, SearchTerm
from mesosite.enquiries.samples import sample
from mesosite.enquiries.search import index
from mesosite.pages.catalogue import clinic, content

BATCH = 1000


class Command(BaseCommand):
    help = "Adds made-up enquiries, for development and for measuring."

    def add_arguments(self, parser):
        parser.add_argument("number", type=int)
        parser.add_argument("--seed", type=int, help="the same people and stories every time")
        parser.add_argument("--force", action="store_true", help="even among real enquiries")

    def handle(self, number, seed, force, **options):
        if not (settings.DEBUG or clinic().demonstration or force):
            raise CommandError("This site is a clinic's own: --force mixes made-up requests in.")
        chance = random.Random(seed)  # noqa: S311  (stories, no secrets)
        for start in range(0, number, BATCH):
            self._add(chance, min(BATCH, number - start))
        self.stdout.write(f"{number} made-up enquiries added.")

    def _add(self, chance, number):
        staff = list(get_user_model().objects.filter(is_active=True).order_by("pk"))
        questions = [question for page in content().parsed[0] for question in page.questions]
        made = [sample(chance, questions, staff) for _n in range(number)]
        with transaction.atomic():
            enquiries = Enquiry.objects.bulk_create(enquiry for enquiry, _rows in made)
            terms = (term for enquiry in enquiries for term in index.search_terms(enquiry))
            SearchTerm.objects.bulk_create(terms)
            for model in (Entry, Message, OutgoingMail):
                rows = (row for _enquiry, rows in made for row in rows)
                model.objects.bulk_create(row for row in rows if isinstance(row, model))
