// Says "reading" or "typing" for the open ticket, and goodbye when it is left.
const EVERY = 15000;
let url = "";
let typedAt = 0;
let said = "";

function body(activity) {
  const data = new FormData();
  data.set("activity", activity);
  data.set("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "");
  return data;
}

function say(activity) {
  if (!url || document.hidden) return;
  said = activity;
  fetch(url, { method: "POST", body: body(activity), credentials: "same-origin" }).catch(() => {});
}

function leave() {
  if (url) navigator.sendBeacon(url, body("left"));
  url = "";
}

const activity = () => (Date.now() - typedAt < EVERY ? "typing" : "reading");

function look() {
  const now = document.querySelector("[data-presence-url]")?.dataset.presenceUrl || "";
  if (now === url) return;
  leave();
  url = now;
  typedAt = 0;
  say("reading");
}

export function startPresence() {
  look();
  document.addEventListener("htmx:afterSettle", look);
  document.addEventListener("input", (event) => {
    if (event.target.id !== "composer-body") return;
    typedAt = Date.now();
    if (said !== "typing") say("typing");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    // What was typed has left: others need not wait for the clock to see it.
    if (event.detail.elt.id !== "composer" || !event.detail.successful) return;
    typedAt = 0;
    if (said === "typing") say("reading");
  });
  document.addEventListener("visibilitychange", () => say(activity()));
  addEventListener("pagehide", leave);
  setInterval(() => say(activity()), EVERY);
}
