// Carries ticked questions over this tab's pages, by id. A key with # is no id.
const tab = sessionStorage, all = name => document.querySelectorAll(`[${name}]`);
const boxes = all("name=questions"), form = boxes[0]?.form, add = form?.dataset.add;
const button = form?.querySelector("button"), plain = button?.textContent;
const { forget } = document.currentScript.dataset;
const keep = ({ checked, value }) => checked ? tab.setItem(value, 1) : tab.removeItem(value);
const kept = () => Object.keys(tab).filter(key => key[0] !== "#");
const show = () => {
  for (const box of boxes) {
    if ((box.checked = tab.getItem(box.value))) box.closest("details")?.setAttribute("open", "");
  }
  if (add) button.textContent = kept().length ? add.replace("#", kept().length) : plain;
};
if (forget) kept().forEach(id => tab.removeItem(id));
for (const box of boxes) {
  if (box.defaultChecked) keep(box);
  box.onchange = () => show(keep(box));
}
onpageshow = show;
if (add) form.onformdata = ({ formData: data }) => {
  data.delete("questions");
  for (const id of kept()) data.append("questions", id);
};

// After sending, Back shows an empty form. Firefox loads that one without sessionStorage.
const token = all("name=token")[0], sent = "#sent", taken = forget && tab.getItem(sent);
if (taken) localStorage.setItem(sent, taken);
if (token) token.form.onsubmit = () => {
  tab.setItem(sent, token.value);
  history.replaceState(token.value, "");
};
addEventListener("pageshow", () => {
  const last = localStorage.getItem(sent);
  if (!token || !last || (token.value !== last && history.state !== last)) return;
  token.form.hidden = true;
  history.replaceState(null, "");
  location.replace(token.form.action);
});

for (const box of all("data-left")) {
  const { max, left } = box.dataset, hint = box.parentNode.querySelector("p"), said = hint.innerText;
  box.oninput = () => hint.innerText = said + left.replace("#", max - [...box.value].length);
  addEventListener("pageshow", box.oninput);
}
