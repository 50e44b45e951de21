// Suggestions while typing: the ARIA combobox pattern with a list box, on inputs with
// data-suggest-url. The address answers JSON: [{"text": …, "kind": …, "url": …}]; kind and url may
// lack. Anything but such an answer switches the suggestions off until the next page.

const LEAST_LETTERS = 2;
const PAUSE = 180;

export function watchSuggestions() {
  for (const input of document.querySelectorAll("input[data-suggest-url]")) new Suggestions(input);
}

class Suggestions {
  constructor(input) {
    this.input = input;
    this.selected = -1;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggerimenti`;
    this.list.className = "portal-suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel || "");
    this.list.hidden = true;
    input.parentElement.classList.add("portal-with-suggestions");
    // A voice hears how many there are; what it hears while they are walked is the option itself.
    this.status = document.createElement("span");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    input.parentElement.append(this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
    })) {
      input.setAttribute(name, value);
    }
    input.addEventListener("input", () => this.later());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    input.form.addEventListener("submit", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
    this.list.addEventListener("click", (event) => this.pick(event.target.closest("[role=option]")));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const text = this.input.value.trim();
    this.request?.abort();
    if (text.length < LEAST_LETTERS || this.off) return this.close();
    this.request = new AbortController();
    const { signal } = this.request;
    try {
      const address = `${this.input.dataset.suggestUrl}?q=${encodeURIComponent(text)}`;
      const answer = await fetch(address, { signal, headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(answer.statusText);
      this.show(await answer.json());
    } catch {
      if (!signal.aborted) {
        this.off = true;
        this.close();
      }
    }
  }

  show(found) {
    this.selected = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...found.map((each, index) => this.option(each, index)));
    this.expand(found.length > 0 && document.activeElement === this.input);
    const words = this.input.dataset.suggestStatus || "";
    this.status.textContent = this.list.hidden ? "" : words.replace("{num}", found.length);
  }

  option({ text, kind, url }, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.dataset.text = text;
    if (url?.startsWith("/") && !url.startsWith("//")) option.dataset.url = url;
    option.append(text);
    if (kind) {
      const label = document.createElement("span");
      label.className = "portal-suggestion-kind";
      label.textContent = kind;
      option.append(label);
    }
    return option;
  }

  key(event) {
    const options = [...this.list.children];
    if (event.key === "Escape" && !this.list.hidden) this.close();
    else if (event.key === "ArrowDown" && options.length) this.move(options, this.selected + 1);
    else if (event.key === "ArrowUp" && options.length) this.move(options, this.selected - 1);
    else if (event.key === "Enter" && this.selected >= 0) this.pick(options[this.selected]);
    else return;
    event.preventDefault();
  }

  move(options, to) {
    this.expand(true);
    // One place beyond the ends is the text as typed.
    this.selected = to >= options.length ? -1 : to < -1 ? options.length - 1 : to;
    options.forEach((each, index) => each.setAttribute("aria-selected", String(index === this.selected)));
    const current = options[this.selected];
    if (current) {
      this.input.setAttribute("aria-activedescendant", current.id);
      current.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  pick(option) {
    if (!option) return;
    if (option.dataset.url) {
      location.assign(option.dataset.url);
      return;
    }
    this.input.value = option.dataset.text;
    this.close();
    this.input.form.requestSubmit();
  }

  expand(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.selected = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.status.textContent = "";
    this.expand(false);
  }
}
