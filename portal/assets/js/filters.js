// Filters apply without loading the page: the same address is asked with `frammento`, the parts
// marked data-swap are replaced by their namesakes, history and title follow, the focus stays.
// Whatever goes wrong, the browser goes to the address as it would without this script.

const FRAGMENT = "frammento";
const PAUSE = 250; // several ticks in a row are one question

export function watchFilters() {
  const body = document.getElementById("ricerca-corpo");
  const form = body && document.getElementById("cerca");
  if (form) new Filters(body, form);
}

class Filters {
  constructor(body, form) {
    this.body = body;
    this.form = form;
    this.shown = location.pathname + location.search;
    this.nameApply();
    document.addEventListener("change", (event) => {
      if (event.target.form === form && body.contains(event.target)) this.later();
    });
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("click", (event) => this.click(event));
    addEventListener("popstate", () => {
      if (location.pathname + location.search !== this.shown) this.load(location.href, { restore: true });
    });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.load(this.address()), PAUSE);
  }

  submit(event) {
    clearTimeout(this.timer);
    event.preventDefault();
    this.load(this.address(), { land: true });
  }

  click(event) {
    const link = event.target.closest("#ricerca-corpo a[data-apply-link], #filtri a.portal-clear");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.load(link.href, { land: true });
  }

  address() {
    const order = this.form.elements.namedItem("ordine");
    const usual = order?.selectedIndex === 0; // the first order is the one of addresses without it
    const pairs = [...new FormData(this.form)].filter(
      ([name, value]) => value !== "" && !(usual && name === "ordine"),
    );
    const query = new URLSearchParams(pairs).toString();
    const path = this.form.getAttribute("action");
    return new URL(query ? `${path}?${query}` : path, location.href).href;
  }

  // `land`: the reader asked to see the results; `restore`: Back or Forward.
  async load(address, { land = false, restore = false } = {}) {
    this.request?.abort();
    this.request = new AbortController();
    const { signal } = this.request;
    this.body.setAttribute("aria-busy", "true");
    let page;
    try {
      const ask = new URL(address);
      ask.searchParams.set(FRAGMENT, "1");
      const answer = await fetch(ask, { signal, headers: { Accept: "text/html" } });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById(this.body.id)) throw new Error("not a search page");
    } catch {
      if (!signal.aborted) location.assign(address);
      return;
    }
    if (!restore && address !== location.href) history.pushState(null, "", address);
    this.swap(page);
    if (restore) this.restoreBox();
    this.body.removeAttribute("aria-busy");
    if (land) this.land();
  }

  swap(page) {
    const active = document.activeElement;
    const open = new Map([...this.body.querySelectorAll("details[id]")].map((each) => [each.id, each.open]));
    for (const fresh of page.querySelectorAll("[data-swap]")) {
      for (const details of fresh.querySelectorAll("details[id]")) {
        if (open.has(details.id)) details.open = open.get(details.id);
      }
      const old = document.getElementById(fresh.id);
      if (old?.querySelector(":scope > [data-summary]")) replaceAround(old, fresh);
      else old?.replaceWith(fresh);
    }
    const title = page.getElementById(this.body.id).dataset.title;
    if (title) document.title = title;
    this.shown = location.pathname + location.search;
    this.nameApply();
    document.dispatchEvent(new Event("portal:swapped"));
    if (active.id && !active.isConnected) this.refocus(active.id);
  }

  // The same control again; when it is gone (a value without results), the group it was in.
  refocus(id) {
    const facet = id.slice(0, id.indexOf("-"));
    const target = document.getElementById(id) ?? document.querySelector(`#filtro-${facet} > summary`);
    target?.focus({ preventScroll: true });
  }

  // With scripts the ticks are already applied: the button leads to the results.
  nameApply() {
    const filters = document.getElementById("filtri");
    const button = filters?.querySelector("[data-apply]");
    if (button) button.textContent = filters.dataset.resultsLabel;
  }

  land() {
    const toggle = document.getElementById("filtri-apri");
    if (toggle) toggle.open = false;
    const heading = document.getElementById("risultati");
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView();
  }

  restoreBox() {
    const box = this.form.querySelector("[name=q]");
    if (box) box.value = new URL(location.href).searchParams.get("q") ?? "";
  }
}

// A live region speaks only if it stays in the page and its text changes.
function replaceAround(old, fresh) {
  const summary = old.querySelector(":scope > [data-summary]");
  const words = fresh.querySelector(":scope > [data-summary]");
  for (const child of [...old.childNodes]) if (child !== summary) child.remove();
  const children = [...fresh.childNodes];
  const place = children.indexOf(words);
  summary.before(...children.slice(0, place));
  summary.after(...children.slice(place + 1));
  summary.textContent = words.textContent;
}
