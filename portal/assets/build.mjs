// SPDX-FileCopyrightText: 2026 The Metropoli Strategiche portal authors
// SPDX-License-Identifier: EUPL-1.2
//
// Makes portal/static from Bootstrap Italia, our style sheet and our scripts: `npm run build`.
// Run it again whenever a template or a Python module starts to use another class.

import { copyFile, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const out = join(root, "portal", "static");
const vendor = join(here, "node_modules", "bootstrap-italia", "dist");

const BUDGET = { css: 20_000, js: 15_000 }; // gzip, all files of a kind together

const FONTS = [
  ["Titillium_Web/titillium-web-v10-latin-ext_latin-regular.woff2", "titillium-web-v10-400.woff2"],
  ["Titillium_Web/titillium-web-v10-latin-ext_latin-600.woff2", "titillium-web-v10-600.woff2"],
  ["Titillium_Web/titillium-web-v10-latin-ext_latin-700.woff2", "titillium-web-v10-700.woff2"],
];

// Classes that no source names whole: states set by scripts and form fields, kinds of alert.
const SAFELIST = [/^(show|collapsed|active|disabled|is-invalid|is-valid)$/, /^alert-(info|success|warning|danger)$/];

// Rules of components that we replace: their selectors match words of ours by accident.
const BLOCKLIST = [/^\.it-calendar/, /^\.it-timeline/, /bootstrap-select/, /^\.video-js/, /^\.vjs-/];

async function filesUnder(folder, wanted) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("node_modules") && !path.startsWith(out))
    .sort();
}

// Italian prose is full of words that are class names elsewhere (card, progress): look only at
// mark-up and template code, never at the text between tags.
function namesInTemplate(source) {
  const code = source.replace(/\{#[\s\S]*?#\}/g, " ").match(/<[^>]*>|\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g);
  return (code ?? []).join(" ").match(/[A-Za-z0-9_:/-]+/g) ?? [];
}

function namesInStrings(source) {
  const literals = source.match(/"[^"\n]*"|'[^'\n]*'|`[^`]*`/g) ?? [];
  return literals.join(" ").match(/[A-Za-z0-9_:/-]+/g) ?? [];
}

async function buildBootstrapItalia() {
  const [result] = await new PurgeCSS().purge({
    css: [join(vendor, "css", "bootstrap-italia.min.css")],
    content: [
      ...(await filesUnder(join(root, "templates"), /\.(html|svg)$/)),
      ...(await filesUnder(join(root, "portal"), /\.py$/)),
      ...(await filesUnder(join(here, "js"), /\.js$/)),
    ],
    extractors: [
      { extensions: ["html", "svg"], extractor: namesInTemplate },
      { extensions: ["py", "js"], extractor: namesInStrings },
    ],
    safelist: { standard: [...SAFELIST, "html", "body"] },
    blocklist: BLOCKLIST,
    variables: false, // Bootstrap Italia reads its own variables, its version among them
    keyframes: true,
    fontFace: true,
  });
  const { code } = await esbuild.transform(result.css.replace(/^\uFEFF/, ""), {
    loader: "css",
    minify: true,
    legalComments: "inline",
  });
  await writeFile(join(out, "css", "bootstrap-italia.css"), code.trimEnd() + "\n");
}

async function bundle(entry, outfile, loader = {}) {
  await esbuild.build({
    entryPoints: [join(here, entry)],
    outfile: join(out, outfile),
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020", "chrome100", "firefox100", "safari15"],
    external: ["../fonts/*", "../svg/*"],
    legalComments: "inline",
    loader,
  });
}

async function buildSprite() {
  const names = (await readFile(join(here, "icons.txt"), "utf8")).split(/\s+/).filter(Boolean);
  const sprite = await readFile(join(vendor, "svg", "sprites.svg"), "utf8");
  const symbols = names.map((name) => {
    const symbol = sprite.match(new RegExp(`<symbol id="${name}"[\\s\\S]*?</symbol>`));
    if (!symbol) throw new Error(`icons.txt: Bootstrap Italia has no icon ${name}`);
    return symbol[0];
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("\n")}</svg>\n`;
  await writeFile(join(out, "svg", "sprites.svg"), svg);
}

// An equirectangular map, true in size at 42° north. templates/macros/map.html places the cities
// with the same three numbers.
const WEST = 6.4;
const NORTH = 47.2;
const SCALE = [28.24, 38]; // units of the drawing for a degree of longitude, of latitude

function project([longitude, latitude]) {
  return [(longitude - WEST) * SCALE[0], (NORTH - latitude) * SCALE[1]].map((n) => n.toFixed(1));
}

async function buildMap() {
  const outlines = JSON.parse(await readFile(join(here, "italy.json"), "utf8"));
  const path = Object.values(outlines)
    .map((points) => `M${points.map((point) => project(point).join(" ")).join("L")}Z`)
    .join("");
  const cities = await readFile(join(root, "corpus", "seed", "cities.yaml"), "utf8");
  const dots = [...cities.matchAll(/lat\w*: "?([\d.]+)"?\s+lon\w*: "?([\d.]+)/g)].map(([, latitude, longitude]) =>
    project([Number(longitude), Number(latitude)]),
  );
  const open = (box) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}">`;
  const circles = (radius) => dots.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="${radius}"/>`).join("");
  const drawings = {
    "italy.svg": `${open("0 0 372 410")}<path id="italia" d="${path}"/></svg>\n`,
    "cities.svg": `${open("0 0 372 410")}<path fill="#0059b3" d="${path}"/><g fill="#9fd0ff">${circles(4)}</g></svg>\n`,
    "logo.svg": `<svg xmlns="http://www.w3.org/2000/svg"><symbol id="logo" viewBox="-30 -8 412 412">${circles(15)}</symbol></svg>\n`,
    "favicon.svg": `${open("-68 -45 490 490")}<rect x="-68" y="-45" width="490" height="490" rx="80" fill="#06c"/><g fill="#fff">${circles(20)}</g></svg>\n`,
  };
  for (const [name, drawing] of Object.entries(drawings)) await writeFile(join(out, "svg", name), drawing);
}

async function report() {
  const total = { css: 0, js: 0 };
  for (const path of await filesUnderOut()) {
    const size = gzipSync(await readFile(path), { level: 9 }).length;
    const kind = path.split(".").pop();
    if (kind in total) total[kind] += size;
    console.log(String(size).padStart(8), "B gzip", relative(root, path));
  }
  for (const [kind, limit] of Object.entries(BUDGET)) {
    if (total[kind] > limit) throw new Error(`${kind}: ${total[kind]} B gzip, budget ${limit} B`);
  }
}

async function filesUnderOut() {
  const entries = await readdir(out, { withFileTypes: true, recursive: true });
  return entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)).sort();
}

for (const folder of ["css", "js", "svg", "fonts"]) {
  await mkdir(join(out, folder), { recursive: true });
}
await buildBootstrapItalia();
await bundle("css/portal.css", "css/portal.css");
await bundle("css/staff.css", "css/staff.css");
await bundle("js/portal.js", "js/portal.js");
await bundle("js/passkeys.js", "js/passkeys.js");
await buildSprite();
await buildMap();
for (const [from, to] of FONTS) await copyFile(join(vendor, "fonts", from), join(out, "fonts", to));
await report();
