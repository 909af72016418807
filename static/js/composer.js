// The composer's help in the browser; saving and sending are htmx and work the same without this file.
import { on, toast } from "./ui.js";

const form = () => document.getElementById("composer");

function markTouched() {
  // A sentence without a source counts as dealt with here when its words are gone; the server decides again.
  const text = form()?.elements.body?.value ?? "";
  form()?.querySelectorAll("[data-sentence]").forEach((item) => {
    item.dataset.state = text.includes(item.dataset.sentence) ? "" : "gone";
  });
}

function focusWhenAsked() {
  const field = form()?.querySelector('[data-focus="1"]');
  if (!field) return;
  field.dataset.focus = "";
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function undoBars() {
  document.querySelectorAll("[data-undo]:not([data-running])").forEach((bar) => {
    bar.dataset.running = "1";
    // Out of the text, so that the next key is a key: z takes it back.
    if (document.activeElement?.id === "composer-body") document.getElementById("ticket-title")?.focus({ preventScroll: true });
    const total = Number(bar.dataset.seconds) * 1000;
    const end = Date.now() + total;
    const tick = setInterval(() => {
      const left = end - Date.now();
      const word = bar.querySelector("[data-left]");
      if (word) word.textContent = `${Math.max(Math.ceil(left / 1000), 0)} s`;
      const line = bar.querySelector("progress");
      if (line) line.value = Math.max((left / total) * 100, 0);
      if (left > 0 && bar.isConnected) return;
      clearInterval(tick);
      bar.remove();
    }, 200);
  });
}

export function startComposer() {
  document.addEventListener("input", (event) => {
    if (event.target.id !== "composer-body") return;
    markTouched();
    form().classList.toggle("filled", event.target.value !== "");
    // What is typed into an emptied composer is the agent's own, not the AI draft's that stood there.
    if (!event.target.value.trim()) form().elements.draft_id.value = "";
  });
  document.addEventListener("htmx:afterSettle", () => {
    markTouched();
    focusWhenAsked();
    undoBars();
  });
  // Before the eye sees "Take it back", not a moment after: the key must not land in the text.
  document.addEventListener("htmx:afterSwap", undoBars);
  document.addEventListener("htmx:afterRequest", (event) => {
    const sender = event.detail.elt;
    if (sender.matches?.("[data-undo] form") && event.detail.successful) sender.closest("[data-undo]").remove();
    if (sender.name === "files" && event.detail.successful) sender.value = "";
  });
  on("paste", "#composer-body", (field, event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    const input = form()?.querySelector('input[name="files"]');
    if (!files.length || !input) return;
    event.preventDefault();
    const transfer = new DataTransfer();
    files.forEach((file) => transfer.items.add(file));
    input.files = transfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  document.addEventListener("htmx:sendError", () => {
    if (navigator.onLine) toast("The server did not answer. Nothing was lost; try again.", "bad");
  });
  // A choice was made: the menu is in the way of what comes of it.
  on("click", ".composer-tools .menu-item", (item) => { item.closest("details").open = false; });
  markTouched();
  focusWhenAsked();
  undoBars();
}
