// The visit in full before its button: “Monday 7 December, 09:30, 30 minutes, with Nikos”.
{
  const line = document.querySelector("[data-visit]"), field = line?.closest("form");
  const say = () => {
    const { visit_at: at, minutes, person } = field.elements, day = new Date(at.value);
    const shown = { weekday: "long", day: "numeric", month: "long" };
    const chosen = list => list.value && list.selectedOptions[0].text;
    const who = chosen(person) && line.dataset.visit.replace("#", chosen(person));
    const date = isNaN(day) || day.toLocaleDateString(document.documentElement.lang.replace(/^en$/, "en-GB"), shown);
    line.hidden = isNaN(day);
    line.textContent = [date, at.value.slice(11, 16), chosen(minutes), who].filter(Boolean).join(", ");
  };
  if (field) {
    field.addEventListener("input", say);
    addEventListener("pageshow", say);
  }
}
