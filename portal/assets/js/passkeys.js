// SPDX-FileCopyrightText: 2026 The Metropoli Strategiche portal authors
// SPDX-License-Identifier: EUPL-1.2
//
// Forms with data-passkey ("create" or "get") ask the device for a passkey, then send its answer.
// The question comes from data-passkey-url; the form's fields challenge and credential take both.

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer(form);
  });
}

async function answer(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.textContent = "";
  if (!window.PublicKeyCredential) {
    problem.textContent = problem.dataset.missing;
    return;
  }
  try {
    const response = await fetch(form.dataset.passkeyUrl);
    const { options, token } = await response.json();
    const credential = await navigator.credentials[form.dataset.passkey]({ publicKey: decoded(options) });
    form.elements.challenge.value = token;
    form.elements.credential.value = JSON.stringify(encoded(credential));
  } catch (error) {
    // A name that is a number, or no https: the browser calls it a matter of security.
    problem.textContent = error.name === "SecurityError" ? problem.dataset.missing : problem.dataset.refused;
    return;
  }
  form.submit();
}

function decoded(options) {
  options.challenge = toBytes(options.challenge);
  if (options.user) options.user.id = toBytes(options.user.id);
  for (const list of [options.allowCredentials, options.excludeCredentials]) {
    for (const known of list ?? []) known.id = toBytes(known.id);
  }
  return options;
}

function encoded(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = toText(response[part]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: answer };
}

function toBytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
