// SPDX-FileCopyrightText: 2026 The Metropoli Strategiche portal authors
// SPDX-License-Identifier: EUPL-1.2
//
// Ticked records are remembered from one page of results to the next, in this tab alone and until
// it is closed. The page of the selection has them in its address, which is what counts there.

const KEY = "selezione";
const MOST = 200;

export function watchSelection() {
  if (document.querySelector("[data-selection-page]")) settle();
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-select]")) choose(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-selection]")) go(event);
  });
  document.addEventListener("portal:swapped", show);
  addEventListener("pageshow", show);
}

// An address without anything in it leads to what this tab remembers.
function settle() {
  const ids = kept();
  if (!location.search && ids.length) location.replace(address(location.pathname, ids));
  else keep([...document.querySelectorAll("[data-kept]")].map((box) => box.value));
}

function choose(box) {
  const ids = kept().filter((id) => id !== box.value);
  if (box.checked) ids.push(box.value);
  keep(ids.slice(0, MOST));
  show();
}

function go(event) {
  const ids = kept();
  if (!ids.length) return;
  event.preventDefault();
  location.assign(address(event.target.getAttribute("action"), ids));
}

function address(path, ids) {
  return `${path}?${new URLSearchParams(ids.map((id) => ["id", id]))}`;
}

function show() {
  const ids = kept();
  for (const box of document.querySelectorAll("[data-select]")) box.checked = ids.includes(box.value);
  for (const bar of document.querySelectorAll("[data-selection]")) {
    const { one, many, full, none } = bar.dataset;
    const words = ids.length >= MOST ? full : ids.length > 1 ? many : ids.length ? one : none;
    bar.querySelector("[data-selection-count]").textContent = words.replace("{num}", ids.length);
    bar.toggleAttribute("data-chosen", ids.length > 0); // it then stays in sight
  }
}

// A browser may refuse its storage: the ticks of the page then work as without scripts.
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? [];
  } catch {
    return [...document.querySelectorAll("[data-select]:checked")].map((box) => box.value);
  }
}

function keep(ids) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(ids));
  } catch {
    // see kept()
  }
}
