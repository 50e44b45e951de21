// Menu and filters of small screens: Escape closes them and gives the focus back.

export function watchDisclosures() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    for (const details of document.querySelectorAll("details[data-closes-on-escape][open]")) {
      const inside = details.contains(event.target) || details.nextElementSibling?.contains(event.target);
      if (!inside || !isShown(details)) continue;
      details.open = false;
      details.querySelector("summary").focus();
    }
  });
}

function isShown(element) {
  return element.getClientRects().length > 0;
}
