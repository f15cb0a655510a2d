// Every 25 seconds, while the tab is seen: how many came since this page was made. Spoken once.
{
  const line = document.querySelector(".desk-newer"), [link, spoken] = line.children;
  const look = async () => {
    if (document.hidden) return;
    const answer = await fetch(line.dataset.since).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const { n } = await answer.json();
    link.hidden = !n;
    link.textContent = line.dataset.words.replace("#", n);
    if (n && !spoken.textContent) spoken.textContent = link.textContent;
  };
  setInterval(look, 25000);
}
