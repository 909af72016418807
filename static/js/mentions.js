// A picker for @ in notes: type, arrow keys, Enter. Without it the name is typed whole; the server reads the same text.
const names = new Map(); // ticket's address -> promise of names
let list = null;
let at = 0;

const field = () => document.getElementById("composer-body");
const isNote = () => document.querySelector('#composer input[name="kind"][value="note"]')?.checked;

function fetchNames() {
  const base = field().form.getAttribute("action").replace(/send\/$/, "");
  if (!names.has(base)) {
    const asked = fetch(`${base}colleagues/`, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { names: [] }))
      .then((found) => found.names)
      .catch(() => { names.delete(base); return []; });
    names.set(base, asked);
  }
  return names.get(base);
}

function typed() {
  const text = field();
  const before = text.value.slice(0, text.selectionStart);
  return /(?:^|[\s(])@([^@\n]{0,30})$/.exec(before)?.[1] ?? null;
}

function close() {
  list?.remove();
  list = null;
  field()?.removeAttribute("aria-activedescendant");
  field()?.removeAttribute("aria-controls");
}

function mark(index) {
  const options = [...list.children];
  at = (index + options.length) % options.length;
  options.forEach((one, n) => one.setAttribute("aria-selected", String(n === at)));
  options[at].scrollIntoView({ block: "nearest" });
  field().setAttribute("aria-activedescendant", options[at].id);
}

function choose() {
  const text = field();
  const name = list.children[at].textContent;
  const start = text.value.slice(0, text.selectionStart).lastIndexOf("@");
  text.setRangeText(`@${name} `, start, text.selectionStart, "end");
  close();
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(found) {
  close();
  if (!found.length) return;
  list = document.createElement("ul");
  list.id = "mention-list";
  list.className = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", field().dataset.mention || "@");
  found.slice(0, 8).forEach((name, n) => {
    const option = document.createElement("li");
    option.id = `mention-${n}`;
    option.setAttribute("role", "option");
    option.textContent = name;
    option.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      at = n;
      choose();
    });
    list.append(option);
  });
  field().after(list);
  field().setAttribute("aria-controls", list.id);
  mark(0);
}

async function look() {
  if (!isNote() || typed() === null) { close(); return; }
  const all = await fetchNames();
  const part = typed();
  if (part === null) { close(); return; }
  const wanted = part.toLowerCase();
  show(all.filter((name) => name.toLowerCase().split(/\s+/).some((word, n, words) => words.slice(n).join(" ").startsWith(wanted))));
}

function key(event) {
  if (!list || event.target !== field()) return;
  const acts = { ArrowDown: () => mark(at + 1), ArrowUp: () => mark(at - 1), Enter: choose, Tab: choose, Escape: close };
  const act = event.ctrlKey || event.metaKey ? null : acts[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

export function startMentions() {
  document.addEventListener("input", (event) => { if (event.target === field()) look(); });
  document.addEventListener("keydown", key, true);
  document.addEventListener("focusout", (event) => { if (event.target === field()) close(); });
}
