// After a request was sent, Back shows an empty form. The form's random token tells which one was
// sent: sent.js writes it into localStorage, since Firefox loads the page of Back without
// sessionStorage.
{
  const token = document.querySelector("[name=token]");
  token?.form.addEventListener("submit", () => {
    sessionStorage.setItem("#submitted", token.value);
    history.replaceState(token.value, "");
  });
  addEventListener("pageshow", () => {
    const last = localStorage.getItem("sent");
    if (!token || !last || (token.value !== last && history.state !== last)) return;
    token.form.hidden = true;
    history.replaceState(null, "");
    location.replace(token.form.action);
  });
}
