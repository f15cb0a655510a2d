// After a request was sent, Back shows an empty form in place of what was typed. A form's random
// token tells which one was sent: Firefox does not share sessionStorage with a page that Back loads,
// so the token of the form that was sent last stands in localStorage. It names nobody.
{
  const token = document.querySelector("[name=token]"), sent = "sent", submitted = "#submitted";
  if (token) {
    token.form.addEventListener("submit", () => {
      sessionStorage.setItem(submitted, token.value);
      history.replaceState(token.value, "");
    });
    addEventListener("pageshow", () => {
      const last = localStorage.getItem(sent);
      if (!last || (token.value !== last && history.state !== last)) return;
      token.form.hidden = true;
      history.replaceState(null, "");
      location.replace(token.form.action);
    });
  } else if (sessionStorage.getItem(submitted)) {
    localStorage.setItem(sent, sessionStorage.getItem(submitted));
  }
}
