from django.core.management.base import BaseCommand, CommandError

from mesosite.pages.checks.report import averages, report
from mesosite.pages.checks.rhythm import budgets
from mesosite.pages.content.errors import ContentError


class Command(BaseCommand):
    help = "A table of the pages: words, grade, words a sentence, sources, labels, next review."

    requires_system_checks = []  # it is read while pages are still being mended

    def handle(self, **options: object) -> None:
        try:
            rows = report()
        except ContentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{'page':24}{'words':>7}{'folded':>8}{'grade':>7}{'mean':>7}{'long':>6}{'sources':>9}"
            f"{'help:harm':>11}  {'review by':12}{'words code':14}labels"
        )
        for row in rows:
            labels = ", ".join(f"{number} {label.value}" for label, number in row.labels)
            self.stdout.write(
                f"{row.page.url:24}{row.words:7}{row.folded:8}{row.grade:7.1f}{row.mean:7.1f}"
                f"{row.long:6}{row.sources:9}{f'{row.helps}:{row.harms}':>11}  "
                f"{row.review_by:%Y-%m-%d}  {row.page.words_code:14}{labels or '-'}"
            )
        grade, mean = averages(rows)
        self.stdout.write(f"{'average':24}{'':15}{grade:7.1f}{mean:7.1f}")
        for budget in budgets():
            named = ", ".join(page.url for page in budget.pages)
            self.stdout.write(f"{budget.words} words of {budget.most} at most: {named}")
