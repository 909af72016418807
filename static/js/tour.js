// The first-minute tour: a card beside the desk, never over a dialog; it can be left at any step and gone on with.
import { on } from "./ui.js";

const card = () => document.getElementById("tour");
let opener = null;

function keep(step, end = false) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const body = new URLSearchParams({ step, ...(end && { end: "1" }) });
  fetch(card().dataset.url, { method: "POST", headers, body, keepalive: true }).catch(() => {});
}

function unmark() {
  document.querySelectorAll(".tour-target").forEach((one) => one.classList.remove("tour-target"));
}

function show(step) {
  const all = [...card().querySelectorAll("[data-tour-step]")];
  card().dataset.step = step;
  all.forEach((one, n) => { one.hidden = n !== step; });
  card().setAttribute("aria-labelledby", `tour-title-${step}`);
  const place = card().querySelector("[data-tour-place]");
  place.textContent = `${step + 1} / ${place.dataset.of}`;
  card().querySelector('[data-tour="back"]').hidden = step === 0;
  const next = card().querySelector('[data-tour="next"]');
  next.textContent = step === all.length - 1 ? next.dataset.done : next.dataset.next;
  unmark();
  document.querySelector(all[step].dataset.target)?.classList.add("tour-target");
  all[step].querySelector("h2").focus({ preventScroll: true });
}

function close(end) {
  keep(Number(card().dataset.step), end);
  unmark();
  card().remove();
  if (end) document.querySelectorAll("[data-tour-offer]").forEach((one) => one.remove());
  if (opener?.isConnected) opener.focus();
}

async function open() {
  if (card()) return;
  if (!document.getElementById("list")) { location.assign("/?tour=1"); return; }
  document.getElementById("nav")?.hidePopover?.();
  const answer = await fetch("/tour/");
  if (!answer.ok) return;
  document.body.insertAdjacentHTML("beforeend", await answer.text());
  show(Math.min(Number(card().dataset.step), card().querySelectorAll("[data-tour-step]").length - 1));
}

function move(button) {
  const step = Number(card().dataset.step);
  const last = card().querySelectorAll("[data-tour-step]").length - 1;
  if (button.dataset.tour === "skip" || (button.dataset.tour === "next" && step === last)) { close(true); return; }
  const next = step + (button.dataset.tour === "back" ? -1 : 1);
  show(next);
  keep(next);
}

export function startTour() {
  on("click", "[data-tour-start]", (button) => { opener = button; open(); });
  on("click", "[data-tour]", move);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && card()?.contains(document.activeElement)) close(false);
  });
  if (new URLSearchParams(location.search).has("tour")) open();
}
