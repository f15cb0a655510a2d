// Esc closes the menu that has the focus.
onkeydown = ({ key }) => {
  const menu = key === "Escape" && document.querySelector(".menu:focus-within");
  if (!menu) return;
  menu.open = false;
  menu.firstElementChild.focus();
};
