// Buttons with data-copy="selector" copy the text of that element.

export function watchCopyButtons() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    const source = button && document.querySelector(button.dataset.copy);
    if (source) await copy(button, source.textContent.trim());
  });
}

async function copy(button, text) {
  let words = button.dataset.done;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    words = button.dataset.failed; // refused by the person, or no https
  }
  statusBeside(button).textContent = words;
}

function statusBeside(button) {
  const next = button.nextElementSibling;
  if (next?.matches("[role=status]")) return next;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  status.className = "ms-2";
  button.after(status);
  return status;
}
