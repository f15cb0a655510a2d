// Forgets the questions that went with the request, and tells submitted.js which form was sent.
{
  const taken = sessionStorage.getItem("#submitted");
  if (taken) localStorage.setItem("sent", taken);
  for (const key of Object.keys(sessionStorage)) if (key[0] !== "#") sessionStorage.removeItem(key);
}
