// One event stream per browser. The tab that holds the lock reads it and tells the others.
// Each event is {kind, ticket?}; kinds: tickets, ticket, draft, presence, ai, notices. The page hears:
//   live:<kind>                    always
//   live:<kind>-<member id>        when it is for one member: live:notices-7
//   live:<kind>-<ticket id>        when the event names a ticket: live:ticket-7, live:draft-7, live:presence-7
//   live:row-<ticket id>           when a row of the list may look different now
//   live:any-ticket, live:counts   when lists and counts may have changed
const NAME = "helpdesk-live";

function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
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
  if (open) hear({ kind: "ticket", ticket: open });
}

function read(url, share) {
  return new Promise(() => {
    let lost = false;
    const source = new EventSource(url);
    source.onmessage = (message) => share(JSON.parse(message.data));
    source.onerror = () => { lost = true; };
    source.onopen = () => {
      if (lost) share({ kind: "resync" });
      lost = false;
    };
  });
}

export function startLive(url) {
  if (!url || !("EventSource" in window)) return;
  const receive = (event) => (event.kind === "resync" ? catchUp() : hear(event));
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
  const share = (event) => {
    channel?.postMessage(event);
    receive(event);
  };
  if (channel) channel.onmessage = (message) => receive(message.data);
  if (navigator.locks && channel) navigator.locks.request(NAME, () => read(url, share));
  else read(url, receive);
}
