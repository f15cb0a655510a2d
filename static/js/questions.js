// Carries ticked questions over the pages of this tab: ids only. Keys with # are of sent.js.
{
  const tab = sessionStorage, boxes = document.querySelectorAll("[name=questions]");
  const form = boxes[0]?.form, add = form?.dataset.add;
  const button = form?.querySelector("button"), plain = button?.textContent;
  const keep = ({ checked, value }) => checked ? tab.setItem(value, 1) : tab.removeItem(value);
  const kept = () => Object.keys(tab).filter(key => key[0] !== "#");
  const show = () => {
    for (const box of boxes) {
      box.checked = tab.getItem(box.value);
      if (box.checked) box.closest("details")?.setAttribute("open", "");
    }
    if (add) button.textContent = kept().length ? add.replace("#", kept().length) : plain;
  };
  if (document.currentScript.dataset.forget) kept().forEach(id => tab.removeItem(id));
  for (const box of boxes) {
    if (box.defaultChecked) keep(box);
    box.onchange = () => show(keep(box));
  }
  onpageshow = show;
  if (add) form.onformdata = ({ formData: sent }) => {
    sent.delete("questions");
    for (const id of kept()) sent.append("questions", id);
  };
}
