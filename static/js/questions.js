// Keeps ids of ticked questions in this tab. A key with # is none.
{
  const tab = sessionStorage, boxes = document.getElementsByName("questions");
  const form = boxes[0]?.form, add = form?.dataset.add;
  const button = form?.querySelector("button"), text = button?.textContent;
  const keep = ({ checked, value }) => checked ? tab.setItem(value, 1) : tab.removeItem(value);
  const kept = () => Object.keys(tab).filter(id => id[0] !== "#");
  const show = () => {
    for (const box of boxes) {
      box.checked = tab.getItem(box.value);
      if (box.checked) box.closest("details")?.setAttribute("open", "");
    }
    if (add) button.textContent = kept().length ? add.replace("#", kept().length) : text;
  };
  for (const box of boxes) {
    if (box.defaultChecked) keep(box);
    box.onchange = () => show(keep(box));
  }
  onpageshow = show;
  if (add) form.onformdata = ({ formData: sent }) => {
    sent.delete("questions");
    kept().forEach(id => sent.append("questions", id));
  };
}
