// SPDX-FileCopyrightText: 2026 The Metropoli Strategiche portal authors
// SPDX-License-Identifier: EUPL-1.2
//
// Everything here only adds to pages that work without it.

import { watchCopyButtons } from "./copy.js";
import { watchDisclosures } from "./disclosure.js";
import { watchFilters } from "./filters.js";
import { watchSelection } from "./selection.js";
import { watchShortcuts } from "./shortcuts.js";
import { watchSuggestions } from "./suggestions.js";
import { watchUploads } from "./upload.js";

for (const element of document.querySelectorAll("[data-needs-script]")) element.hidden = false;
document.querySelector("[data-takes-focus]")?.focus();

watchDisclosures();
watchShortcuts();
watchCopyButtons();
watchSuggestions();
watchFilters();
watchSelection();
watchUploads();
