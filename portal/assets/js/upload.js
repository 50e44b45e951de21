// Sends the files of a form one by one, each with its own progress and its own answer.

export function watchUploads() {
  const form = document.querySelector("[data-upload]");
  const list = document.querySelector("[data-upload-list]");
  if (!form || !list) return;
  form.addEventListener("submit", (event) => {
    const files = [...form.elements.files.files];
    if (!files.length) return; // the server says that one is needed
    event.preventDefault();
    send(form, list, files);
  });
}

async function send(form, list, files) {
  const button = form.querySelector("[type=submit]");
  const { dataset } = form;
  button.disabled = true;
  list.hidden = false;
  list.querySelector("h2").focus();
  const rows = files.map((file) => row(list.querySelector("ul"), file.name));
  for (const [at, file] of files.entries()) {
    if (file.size > Number(dataset.uploadMost)) finish(rows[at], dataset.uploadTooLarge);
    else await sendOne(form, file, rows[at]);
  }
  const refused = rows.filter(({ item }) => !item.querySelector("a")).length;
  const missed = refused ? ` ${dataset.uploadMissed.replace("{num}", refused)}` : "";
  list.querySelector("[data-upload-status]").textContent = dataset.uploadDone + missed;
  form.elements.files.value = "";
  button.disabled = false;
}

function row(list, name) {
  const item = document.createElement("li");
  item.className = "portal-upload";
  const title = document.createElement("p");
  title.className = "fw-semibold";
  title.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name);
  const words = document.createElement("p");
  item.append(title, bar, words);
  list.append(item);
  return { item, bar, words };
}

function sendOne(form, file, { item, bar, words }) {
  const { dataset } = form;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = loaded / total;
      if (loaded === total) words.textContent = dataset.uploadSaving;
    });
    request.addEventListener("load", () => {
      const [answer] = answersOf(request); // none where the sign-in has ended meanwhile
      finish({ item, bar, words }, answer ? [answer.label, answer.reason].filter(Boolean).join(". ") : dataset.uploadRefused, answer);
    });
    request.addEventListener("error", () => finish({ item, bar, words }, dataset.uploadFailed));
    request.addEventListener("loadend", resolve);
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    const fields = new FormData();
    for (const name of ["csrf_token", "lotto"]) fields.append(name, form.elements[name].value);
    fields.append("files", file);
    request.send(fields);
  });
}

function answersOf(request) {
  const data = request.getResponseHeader("Content-Type")?.startsWith("application/json");
  return request.status === 200 && data ? JSON.parse(request.responseText) : [];
}

function finish({ item, bar, words }, text, answer) {
  bar.remove();
  words.textContent = text;
  if (!answer?.url) return;
  const link = document.createElement("a");
  link.href = answer.url;
  link.textContent = `${answer.link}: ${answer.name}`;
  item.append(link);
}
