// Carries ticked questions over the pages of this tab: ids only. A key with # is no id.
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

// After a request was sent, Back shows an empty form. The form's random token tells which one was
// sent; it stands in localStorage, since Firefox loads the page of Back without sessionStorage.
{
  const token = document.querySelector("[name=token]"), submitted = "#submitted", sent = "sent";
  const taken = document.currentScript.dataset.forget && sessionStorage.getItem(submitted);
  if (taken) localStorage.setItem(sent, taken);
  token?.form.addEventListener("submit", () => {
    sessionStorage.setItem(submitted, token.value);
    history.replaceState(token.value, "");
  });
  addEventListener("pageshow", () => {
    const last = localStorage.getItem(sent);
    if (!token || !last || (token.value !== last && history.state !== last)) return;
    token.form.hidden = true;
    history.replaceState(null, "");
    location.replace(token.form.action);
  });
}
