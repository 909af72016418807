// How many things wait for the reader: in the page's title, and with a short sound where they asked for one.
const MARK = /^\(\d+\+?\) /;
let known = null;

const link = () => document.getElementById("notices-link");

function title() {
  const waiting = link()?.dataset.unseen ?? "";
  const plain = document.title.replace(MARK, "");
  const wanted = waiting ? `(${waiting}) ${plain}` : plain;
  if (document.title !== wanted) document.title = wanted;
}

function beep() {
  const audio = new AudioContext();
  const [tone, volume] = [audio.createOscillator(), audio.createGain()];
  tone.frequency.value = 660;
  volume.gain.setValueAtTime(0.08, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.25);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
  tone.onended = () => audio.close();
}

function changed() {
  const now = parseInt(link()?.dataset.unseen || "0", 10);
  if (known !== null && now > known && link()?.dataset.sound) beep();
  known = now;
  title();
}

export function startNotices() {
  if (!link()) return;
  changed();
  document.addEventListener("htmx:afterSettle", changed);
  new MutationObserver(title).observe(document.querySelector("title"), { childList: true });
}
