// One key per action. Letters act only outside of fields; Ctrl+Enter sends from inside.
import { openDialog } from "./ui.js";

const inField = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row-link]")];

function move(step) {
  const all = rows();
  const here = all.findIndex((row) => row === document.activeElement);
  const open = all.findIndex((row) => row.getAttribute("aria-current"));
  const next = all[here < 0 ? (open < 0 ? 0 : open + step) : here + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

function press(key) {
  // The newest of several: what was done last is what z takes back.
  const target = [...document.querySelectorAll(`[data-key="${key}"]`)].pop();
  if (!target) return false;
  if (target.type === "radio") {
    target.checked = true;
    target.dispatchEvent(new Event("change", { bubbles: true }));
    document.getElementById("composer-body")?.focus();
  } else {
    target.click();
  }
  return true;
}

function pick() {
  document.activeElement.closest("[data-ticket]")?.querySelector('input[name="tickets"]')?.click();
}

function send() {
  const form = document.getElementById("composer");
  const note = form?.querySelector('input[name="kind"][value="note"]')?.checked;
  const button = form?.querySelector(note ? '[value="note"].primary' : '[value="send"].primary');
  if (button && !button.disabled) form.requestSubmit(button);
}

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  o: () => (document.activeElement.matches("[data-row-link]") ? document.activeElement.click() : rows()[0]?.click()),
  x: pick,
  "/": () => document.getElementById("list-search")?.focus(),
  "?": () => openDialog("keys"),
  r: () => press("r"),
  n: () => press("n"),
  a: () => press("a"),
  s: () => press("s"),
  e: () => press("e"),
  z: () => press("z"),
  f: () => press("f"),
  m: () => press("m"),
  t: () => press("t"),
  w: () => press("w"),
  "!": () => press("!"),
  Delete: () => press("Delete"),
  g: () => press("g"),
  h: () => press("h"),
  J: () => press("J"),
  K: () => press("K"),
  b: () => press("b"),
  u: () => press("u"),
  y: () => press("y"),
  d: () => press("d"),
  v: () => press("v"),
  i: () => press("i"),
};

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      if (!document.activeElement.closest("#composer")) return;
      event.preventDefault();
      send();
      return;
    }
    if (event.key === "Escape" && inField(event.target)) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = ACTIONS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
