// How many characters are left.
for (const box of document.querySelectorAll("[data-left]")) {
  const { max, left } = box.dataset, hint = box.parentNode.querySelector("p"), said = hint.innerText;
  box.oninput = () => hint.innerText = said + left.replace("#", max - [...box.value].length);
  addEventListener("pageshow", box.oninput);
}
