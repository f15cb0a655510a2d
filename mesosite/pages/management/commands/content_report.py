from django.core.management.base import BaseCommand, CommandError

from mesosite.pages.checks.report import report
from mesosite.pages.content.errors import ContentError


class Command(BaseCommand):
    help = "A table of the pages: length, grade, sources, labels, benefit to harm, next review."

    requires_system_checks = []  # it is read while pages are still being mended

    def handle(self, **options: object) -> None:
        try:
            rows = report()
        except ContentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{'page':24}{'words':>7}{'folded':>8}{'grade':>7}{'long':>7}{'sources':>9}"
            f"{'help:harm':>11}  {'review by':12}{'words code':14}labels"
        )
        for row in rows:
            labels = ", ".join(f"{number} {label.value}" for label, number in row.labels)
            self.stdout.write(
                f"{row.page.url:24}{row.words:7}{row.folded:8}{row.grade:7.1f}{row.long:7}{row.sources:9}"
                f"{f'{row.helps}:{row.harms}':>11}  {row.review_by:%Y-%m-%d}  "
                f"{row.page.words_code:14}{labels or '-'}"
            )
        average = sum(row.grade for row in rows) / len(rows)
        self.stdout.write(f"{'average':24}{'':15}{average:7.1f}")
