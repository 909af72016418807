// Before the first paint: the reader's own colour scheme, and the mark that scripts run.
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  try {
    const wanted = localStorage.getItem("theme");
    if (wanted === "light" || wanted === "dark") root.dataset.theme = wanted;
  } catch {
    // Storage is closed (private window): the system's scheme stands.
  }
})();
