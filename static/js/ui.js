// Small habits of every page: dialogs, dismissing, colour scheme, times in words, offline word.
const on = (type, selector, act) =>
  document.addEventListener(type, (event) => {
    const found = event.target instanceof Element && event.target.closest(selector);
    if (found) act(found, event);
  });

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

function dialogs() {
  on("click", "[data-open-dialog]", (opener, event) => {
    event.preventDefault();
    openDialog(opener.dataset.openDialog);
  });
  on("click", "[data-close-dialog]", (closer) => closer.closest("dialog")?.close());
  on("click", "dialog", (dialog, event) => {
    if (event.target === dialog) dialog.close();
  });
  on("click", "[data-dismiss]", (closer) => closer.closest("[data-toast]")?.remove());
  on("change", "[data-submit-on-change]", (field) => field.form.requestSubmit());
  on("click", "[data-reveal-field]", (opener) => {
    const field = document.getElementById(opener.dataset.revealField);
    field.hidden = false;
    opener.hidden = true;
    field.querySelector("input")?.focus();
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
}

function colours() {
  const root = document.documentElement;
  document.querySelectorAll("[data-theme-switch]").forEach((group) => {
    group.hidden = false;
    const now = root.dataset.theme || "auto";
    group.querySelectorAll("input").forEach((input) => { input.checked = input.value === now; });
  });
  on("change", "[data-theme-switch] input", (input) => {
    if (input.value === "auto") delete root.dataset.theme;
    else root.dataset.theme = input.value;
    try {
      localStorage.setItem("theme", input.value);
    } catch {
      // Kept for this page only.
    }
  });
}

function inWords(at) {
  const lang = document.documentElement.lang || "en";
  const minutes = Math.round((Date.now() - at) / 60000);
  const unit = (value, name) =>
    new Intl.NumberFormat(lang, { style: "unit", unit: name, unitDisplay: "short" }).format(value);
  if (minutes < 1) return new Intl.RelativeTimeFormat(lang, { numeric: "auto" }).format(0, "second");
  if (minutes < 60) return unit(minutes, "minute");
  if (minutes < 60 * 24) return unit(Math.floor(minutes / 60), "hour");
  if (minutes < 60 * 24 * 6) return new Intl.DateTimeFormat(lang, { weekday: "short" }).format(at);
  return "";
}

export function times(within = document) {
  within.querySelectorAll?.("time[data-ago]").forEach((element) => {
    const at = new Date(element.dateTime);
    element.dataset.date ??= element.textContent;
    element.textContent = inWords(at) || element.dataset.date;
    element.title ||= at.toLocaleString(document.documentElement.lang);
  });
  due(within);
}

function due(within) {
  // "due in 2 h", "late by 1 h": counted on while the page is open.
  within.querySelectorAll?.("time[data-due]").forEach((element) => {
    const minutes = Math.floor((new Date(element.dateTime) - Date.now()) / 60000);
    const [size, unit] = Math.abs(minutes) < 60 ? [Math.max(1, Math.abs(minutes)), "minute"]
      : Math.abs(minutes) < 2880 ? [Math.floor(Math.abs(minutes) / 60), "hour"] : [Math.floor(Math.abs(minutes) / 1440), "day"];
    const words = minutes < 0 ? document.body.dataset.lateBy : document.body.dataset.dueIn;
    if (!words) return;
    const lang = document.documentElement.lang;
    const length = new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short" }).format(size);
    element.textContent = words.replace("%s", length);
    element.closest(".tag")?.classList.toggle("bad", minutes < 0);
  });
}

function connection() {
  const say = () =>
    document.querySelectorAll("[data-offline]").forEach((banner) => { banner.hidden = navigator.onLine; });
  addEventListener("online", say);
  addEventListener("offline", say);
  say();
}

export function toast(text, kind = "") {
  const box = document.getElementById("toasts");
  if (!box) return;
  const line = document.createElement("div");
  line.className = `toast ${kind}`;
  line.dataset.toast = "";
  line.textContent = text;
  box.append(line);
  setTimeout(() => line.remove(), 8000);
}

export { on, openDialog };

export function startUi() {
  dialogs();
  colours();
  connection();
  times();
  setInterval(times, 60000);
  document.addEventListener("htmx:load", (event) => times(event.detail.elt));
}
