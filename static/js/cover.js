// Covers a page at which nobody pressed a key for the clinic's idle time. The server has the last
// word: it knows of other tabs. What is typed goes there to wait; while it cannot be reached, it
// stays in the page, hidden.
{
  const { idle, address, words } = document.currentScript.dataset, title = document.title;
  const OFTEN = 60000, isOver = () => Date.now() - seen >= idle * 1000;
  let seen = Date.now(), told = seen, veil = null;

  const ask = async fields => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", token]]);
    // A redirect leads to the login. To follow it here would use up what the login has to say.
    const answer = await fetch(address, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") return true;
    return answer?.ok ? (await answer.json()).covered : null;
  };
  const wasTyped = field => field.type !== "hidden" && (field.checked !== field.defaultChecked
    || ("defaultValue" in field && field.type !== "radio" && field.value !== field.defaultValue));
  const typed = () => {
    const refused = document.querySelector(".problem");
    const form = [...document.querySelectorAll("main form[method=post]")].find(each =>
      [...each.elements].some(field => wasTyped(field) || (refused && field.type === "textarea" && field.value)));
    return form ? [...new FormData(form), ["path", new URL(form.action).pathname]] : [];
  };
  const hide = hidden => {
    for (const part of document.body.children) part.hidden = hidden;
    document.title = hidden ? words : title;
    if (hidden) {
      veil = document.body.appendChild(document.createElement("p"));
      veil.className = "inbox-cover";
      veil.textContent = words;
    } else veil = veil.remove();
  };
  const cover = async () => {
    if (!veil) hide(true);
    const covered = await ask(typed());
    if (covered) location.replace(location.href.split("#")[0]);  // with a # nothing would be loaded
    else if (covered === false) {
      seen = told = Date.now();
      hide(false);
    }
  };
  const look = async () => {
    if (veil || isOver()) return cover();
    if (seen - told < OFTEN) return;
    told = seen;
    if (await ask([["here", "yes"]])) cover();
  };
  for (const kind of ["keydown", "pointerdown"])
    addEventListener(kind, () => { if (veil || isOver()) look(); else seen = Date.now(); });
  setInterval(look, 10000);
}
