// "/" goes to the search box, "?" lists the keys; a letter follows the link with that data-key.
// The choice to switch them off stays in this browser.

const MEMORY = "scorciatoie";
const OFF = "no";

export function watchShortcuts() {
  const dialog = document.getElementById("scorciatoie");
  const choice = dialog?.querySelector("[data-shortcuts-switch]");
  if (!choice) return;
  choice.checked = remembered() !== OFF;
  choice.addEventListener("change", () => remember(choice.checked));
  for (const opener of document.querySelectorAll("[data-opens='#scorciatoie']")) {
    opener.addEventListener("click", () => dialog.showModal());
  }
  document.addEventListener("keydown", (event) => {
    if (!choice.checked || dialog.open || isTyping(event)) return;
    if (event.key === "?") dialog.showModal();
    else if (event.key === "/") goToSearch();
    else if (!followKey(event.key)) return;
    event.preventDefault();
  });
}

function isTyping(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true;
  return event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function goToSearch() {
  const boxes = [...document.querySelectorAll("main [data-search-input], [data-search-input], main [type=search]")];
  const box = boxes.find((input) => input.getClientRects().length > 0);
  if (box) {
    box.focus();
    box.select();
  } else {
    location.assign("/ricerca");
  }
}

function followKey(key) {
  const link = [...document.querySelectorAll("a[data-key]")].find((each) => each.dataset.key === key);
  link?.click();
  return Boolean(link);
}

function remembered() {
  try {
    return localStorage.getItem(MEMORY);
  } catch {
    return null; // storage refused by the browser's settings
  }
}

function remember(on) {
  try {
    if (on) localStorage.removeItem(MEMORY);
    else localStorage.setItem(MEMORY, OFF);
  } catch {
    // The choice then lasts as long as the page.
  }
}
