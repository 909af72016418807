// One event stream per browser. The tab that holds the lock reads it and tells the others.
// Each event is {kind, ticket?}; kinds: tickets, ticket, draft, presence, ai, notices. The page hears:
//   live:<kind>                    always
//   live:<kind>-<member id>        when it is for one member: live:notices-7
//   live:<kind>-<ticket id>        when the event names a ticket: live:ticket-7, live:draft-7, live:presence-7
//   live:row-<ticket id>           when a row of the list may look different now
//   live:any-ticket, live:counts   when lists and counts may have changed
// No event is lost on the way: the stream begins when the page was asked for, and what came in while a fragment was being
// fetched has it fetched once more, since htmx forgets what an element heard when it is replaced.
const NAME = "helpdesk-live";
const KEPT = 200;
const heard = new Map();
const asked = new WeakMap();
const postponed = new WeakSet();
const LIVE = '[hx-get][hx-trigger*="live:"]';

function tell(name, detail) {
  heard.set(`live:${name}`, performance.now());
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

function isOld(element, since) {
  const names = element.getAttribute("hx-trigger").match(/live:[\w-]+/g) ?? [];
  return names.some((name) => (heard.get(name) ?? 0) > since);
}

function fetchAgain(element) {
  if (element.isConnected) window.htmx.ajax("GET", element.getAttribute("hx-get"), { source: element, swap: element.getAttribute("hx-swap") });
}

function lookAgain(event) {
  const since = asked.get(event.detail.xhr);
  const root = event.detail.elt;
  if (since === undefined || !root?.querySelectorAll) return;
  const fragments = [root, ...root.querySelectorAll("[hx-trigger]")];
  fragments.filter((one) => one.matches(LIVE) && isOld(one, since)).forEach(fetchAgain);
}

// What somebody just pressed inside a fragment is answered first: a button that is replaced meanwhile loses its answer.
function waits(element) {
  if (!element?.matches?.(LIVE) || !element.querySelector(".htmx-request")) return false;
  postponed.add(element);
  return true;
}

function keepFragments() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    asked.set(event.detail.xhr, performance.now());
    if (waits(event.detail.elt)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (waits(event.detail.requestConfig.elt)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const around = event.detail.elt.parentElement?.closest(LIVE);
    if (around && postponed.delete(around)) setTimeout(() => fetchAgain(around));
  });
  document.addEventListener("htmx:afterSettle", lookAgain);
}

function hear(event) {
  const { kind, ticket } = event;
  tell(kind, event);
  if (ticket !== undefined) tell(`${kind}-${ticket}`, event);
  if (event.member !== undefined) tell(`${kind}-${event.member}`, event);
  if (kind === "presence" || kind === "ai" || kind === "notices") return;
  if (ticket !== undefined) tell(`row-${ticket}`, event);
  if (kind !== "tickets") return;
  tell("counts", event);
  tell("any-ticket", event);
}

function catchUp() {
  // After a gap nobody knows what was missed: fetch what is on the screen once more.
  const open = document.querySelector("[data-ticket-id]")?.dataset.ticketId;
  tell("counts", {});
  tell("ai", {});
  tell("resync", {});
  if (open) ["ticket", "draft", "presence"].forEach((kind) => hear({ kind, ticket: open }));
}

function read(url, share, behind) {
  return new Promise(() => {
    let lost = behind;
    const source = new EventSource(url);
    source.onmessage = (message) => share(JSON.parse(message.data), parseInt(message.lastEventId, 10));
    source.onerror = () => { lost = true; };
    source.onopen = () => {
      if (lost) share({ kind: "resync" }, 0);
      lost = false;
    };
  });
}

export function startLive(url, askedAt) {
  keepFragments();
  if (!url || !("EventSource" in window)) return;
  // What the page shows was read after this moment, in the server's milliseconds.
  const since = Number(askedAt);
  const stream = `${url}?since=${since}`;
  const receive = (event) => (event.kind === "resync" ? catchUp() : hear(event));
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
  if (!navigator.locks || !channel) {
    read(stream, receive, false);
    return;
  }
  const recent = [];
  const share = (event, at) => {
    recent.push({ event, at });
    recent.splice(0, recent.length - KEPT);
    channel.postMessage({ event });
    receive(event);
  };
  channel.onmessage = ({ data }) => {
    if (data.event) receive(data.event);
    else recent.filter((one) => one.at >= data.since).forEach((one) => channel.postMessage({ event: one.event }));
  };
  // Another tab reads the stream already: it is asked for what came while this page was on its way.
  const opened = performance.now();
  channel.postMessage({ since });
  navigator.locks.request(NAME, () => read(stream, share, performance.now() - opened > 1000));
}
