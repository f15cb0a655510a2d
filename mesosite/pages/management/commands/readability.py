from django.core.management.base import BaseCommand

from mesosite.pages.prose import grade, page_prose, sentences, words
from mesosite.pages.site import all_pages


class Command(BaseCommand):
    help = "How hard each page is to read: words, Flesch-Kincaid grade, length of sentences."

    def handle(self, **options):
        self.stdout.write(f"{'page':24}{'words':>7}{'grade':>7}{'average':>9}{'longest':>9}")
        grades = []
        for page in all_pages().values():
            texts = page_prose(page)
            lengths = [len(words(s)) for text in texts for s in sentences(text)]
            grades.append(grade(texts))
            self.stdout.write(
                f"{page.url:24}{sum(lengths):7}{grades[-1]:7.1f}"
                f"{sum(lengths) / len(lengths):9.1f}{max(lengths):9}"
            )
        self.stdout.write(f"{'average':24}{'':7}{sum(grades) / len(grades):7.1f}")
