// Carries ticked questions over the pages of this tab: ids only.
{
  const tab = sessionStorage, boxes = document.querySelectorAll("[name=questions]");
  const form = boxes[0]?.form, add = form?.dataset.add;
  const button = form?.querySelector("button"), plain = button?.textContent;
  const keep = ({ checked, value }) => checked ? tab.setItem(value, 1) : tab.removeItem(value);
  const show = () => {
    for (const box of boxes) {
      box.checked = tab.getItem(box.value);
      if (box.checked) box.closest("details")?.setAttribute("open", "");
    }
    if (add) button.textContent = tab.length ? add.replace("#", tab.length) : plain;
  };
  if (document.currentScript.dataset.forget) tab.clear();
  for (const box of boxes) {
    if (box.defaultChecked) keep(box);
    box.onchange = () => show(keep(box));
  }
  onpageshow = show;
  if (add) form.onformdata = ({ formData: sent }) => {
    sent.delete("questions");
    for (const id in { ...tab }) sent.append("questions", id);
  };
}
