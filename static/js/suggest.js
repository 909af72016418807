/* While a customer writes a new request, articles that may answer it appear below; without script a button does it. */
const form = document.querySelector("[data-suggest-url]");
if (form) {
  const place = document.getElementById(form.dataset.suggestPlace);
  let timer = 0;
  let asked = "";
  let running = null;
  const ask = async () => {
    const words = ["subject", "text"].map((name) => form.elements[name].value).join(" ").trim();
    if (words.length < 8 || words === asked || place.contains(document.activeElement)) return;
    asked = words;
    running?.abort();
    running = new AbortController();
    const data = new FormData();
    for (const name of ["subject", "text", "csrfmiddlewaretoken"]) data.append(name, form.elements[name].value);
    try {
      const answer = await fetch(form.dataset.suggestUrl, { method: "POST", body: data, signal: running.signal });
      if (answer.ok && !place.contains(document.activeElement)) place.innerHTML = await answer.text();
    } catch { /* the button is still there */ }
  };
  form.addEventListener("input", (event) => {
    if (!["subject", "text"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(ask, 900);
  });
}
