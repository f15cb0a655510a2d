"""E010, the part of it that only the whole site can tell: a chart that nobody gets to see."""

from django.conf import settings

from mesosite.pages.charts import ChartError, all_charts
from mesosite.pages.problems import Problem


def unshown_charts(proofs):
    """E010: a chart that no page shows."""
    path = settings.CONTENT_DIR / "charts.yaml"
    for name, chart in all_charts().items():
        if not any(f'id="chart-{name}"' in proof.page.html for proof in proofs):
            message = f"No page shows the chart “{name}”."
            hint = f"Show it with /// chart | {name} or remove it."
            yield Problem(ChartError.number, ChartError(path, chart.place[""], message, hint))
