// After sending, Back shows an empty form. sent.js writes its token into localStorage, since
// Firefox loads the page of Back without sessionStorage.
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
