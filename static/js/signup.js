// The sign-up: proposes an address from the shop's name, and the browser's own time zone.
const form = document.querySelector("[data-signup]");

function proposed(name) {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss").toLowerCase();
  return plain.replace(/&/g, " and ").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "");
}

function proposeAddress() {
  const shop = form.elements.shop;
  const slug = form.elements.slug;
  let own = slug.value !== "" && slug.value !== proposed(shop.value);
  slug.addEventListener("input", () => { own = slug.value !== ""; });
  shop.addEventListener("input", () => {
    if (own) return;
    slug.value = proposed(shop.value);
  });
  shop.addEventListener("change", () => {
    if (slug.value) window.htmx?.trigger(slug, "check");
  });
}

function guessZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const select = form.elements.timezone;
  if (document.querySelector(".errorlist") || !zone) return;
  if ([...select.options].some((option) => option.value === zone)) select.value = zone;
}

if (form) {
  proposeAddress();
  guessZone();
}
