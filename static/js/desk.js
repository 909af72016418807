// The desk: list and ticket side by side, fed by events, worked by keys.
import { startComposer } from "./composer.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startMentions } from "./mentions.js";
import { startNotices } from "./notices.js";
import { startPresence } from "./presence.js";
import { startTour } from "./tour.js";
import { on, startUi, toast } from "./ui.js";

let fresh = new Set();

function markCurrentRow() {
  const here = location.pathname;
  document.querySelectorAll("[data-row-link]").forEach((row) => {
    if (new URL(row.href).pathname === here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
}

function showNewest() {
  const thread = document.getElementById("thread");
  if (!thread || thread.dataset.placed) return;
  thread.dataset.placed = "1";
  const last = [...thread.querySelectorAll(".message")].pop();
  if (last && thread.scrollHeight > thread.clientHeight) thread.scrollTop = last.offsetTop - thread.offsetTop - 12;
}

function ticketOpened(event) {
  if (event.detail.target?.id !== "ticket") return;
  markCurrentRow();
  showNewest();
  document.getElementById("side")?.hidePopover?.();
  const list = document.getElementById("list");
  if (list && getComputedStyle(list).display === "none") document.getElementById("ticket-title")?.focus();
  const title = document.getElementById("ticket-title");
  if (title) document.title = title.textContent.trim();
}

function keepThreadPlace() {
  // A live refresh of the thread must not move what is being read.
  let top = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "thread") top = event.detail.target.scrollTop;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "thread" || top === null) return;
    const thread = document.getElementById("thread");
    thread.dataset.placed = "1";
    thread.scrollTop = top;
    top = null;
    const below = thread.scrollHeight - thread.clientHeight - thread.scrollTop > 80;
    document.querySelectorAll("[data-new-below]").forEach((button) => { button.hidden = !below; });
  });
  on("click", "[data-new-below]", (button) => {
    document.querySelector("#thread .message:last-child, #thread li:last-child")?.scrollIntoView({ block: "end" });
    button.hidden = true;
  });
}

function freshTickets() {
  // A row that is there is changed in place; anything else waits for the reader's own click.
  document.body.addEventListener("live:any-ticket", (event) => {
    const id = String(event.detail.ticket);
    if (document.getElementById(`row-${id}`)) return;
    fresh.add(id);
    document.querySelectorAll("[data-list-fresh]").forEach((button) => {
      button.textContent = fresh.size === 1 ? button.dataset.one : button.dataset.many.replace("%n", fresh.size);
      button.hidden = false;
    });
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target?.id === "list") fresh = new Set();
  });
}

function bulk() {
  on("change", 'input[name="tickets"]', () => {
    const count = document.querySelectorAll('input[name="tickets"]:checked').length;
    const word = document.querySelector("[data-picked]");
    if (word) word.textContent = count ? String(count) : "";
  });
  on("change", "#bulk-assignee", (select) => {
    if (!select.value) return;
    const button = select.form.querySelector('[value="assign"]');
    select.form.requestSubmit(button);
  });
}

function stepThroughList() {
  // The rows on the page keep their place while tickets change; the server's answer would follow the changes.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("[data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const all = [...document.querySelectorAll("[data-row-link]")];
    const here = all.findIndex((row) => row.getAttribute("aria-current"));
    const other = here < 0 ? undefined : all[here + Number(link.dataset.step)];
    if (!other) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    other.click();
    other.scrollIntoView({ block: "nearest" });
  }, true);
}

function revealImages() {
  on("click", "[data-reveal]", (link, event) => {
    const body = document.getElementById(link.dataset.reveal);
    if (!body) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.className = "message-frame";
    frame.setAttribute("sandbox", "allow-same-origin");
    frame.title = link.textContent;
    frame.src = link.href;
    frame.addEventListener("load", () => {
      frame.height = String(frame.contentDocument?.documentElement.scrollHeight ?? 400);
    });
    body.replaceChildren(frame);
    link.parentElement.remove();
  });
}

function guide() {
  // The page's own help; without this script the link opens the list of all.
  const name = document.body.dataset.guide;
  if (!name) return;
  document.querySelectorAll("[data-guide-link]").forEach((link) => { link.href = `${link.href}${name}/`; });
}

startUi();
guide();
startKeys();
startComposer();
startPresence();
startNotices();
startMentions();
startTour();
startLive(document.body.dataset.liveUrl, document.body.dataset.askedAt);
keepThreadPlace();
freshTickets();
bulk();
stepThroughList();
revealImages();
showNewest();
document.addEventListener("htmx:afterSettle", ticketOpened);
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status >= 400) toast(document.body.dataset.failed || "That did not work. Try again.", "bad");
});
