// What can be done on this page, and where it leads: read from the page itself, so that keys, help and palette know the same.

import { byId } from "./meta.js"
import { currentRow } from "./rows.js"

const ACTS = "[data-key-label], [data-keys], button[form=act], [popovertarget]:not([popovertargetaction]), [data-opens], main a.button:not(nav *)"
const SCOPES = "#toasts, main"
const PLACES = ".places a, .person .menu-body a"

// Everything that a press does here, each once: {element, words, about, key, atOnce}.
export function acts() {
  const found = new Map()
  for (const element of elements(ACTS)) {
    const act = described(element)
    const same = element.hasAttribute("formaction") ? [element.formAction, element.value] : [act.words, act.about]
    if (act.words && !found.has(same.join())) found.set(same.join(), act)
  }
  return [...found.values()]
}

// The places that this person may go to: {element, words, key, here}.
export function places() {
  return [...document.querySelectorAll(PLACES)].map((element) => ({
    element, words: text(element), key: element.dataset.go ?? "", here: element.hasAttribute("aria-current"),
  }))
}

// What has a key: what was just said first, then the present row, then the page. What stands in another row rests.
export function keyed(key = "") {
  const row = currentRow()
  const found = elements(key ? `[data-key="${CSS.escape(key)}"]` : "[data-key]").filter((element) => {
    const own = element.closest("[data-row]")
    return !own || own === row
  })
  return [...found.filter((element) => row?.contains(element)), ...found.filter((element) => !row?.contains(element))]
}

// Whether a press of that key would do something in another row than the present one.
export function isElsewhere(key) {
  return elements(`[data-row] [data-key="${CSS.escape(key)}"]`).length > 0
}

// Presses a button or link, goes into a field.
export function press(element) {
  element.focus()
  if (element.matches("input, textarea, select")) element.select?.()
  else element.click()
}

export function described(element) {
  return {
    element, words: words(element), about: about(element), key: element.dataset.key ?? "", atOnce: element.matches("button[form=act]"),
  }
}

export function usable(element) {
  return element.isConnected && !element.disabled && element.checkVisibility()
}

// Its key's words, the title of the dialog that it opens, or its own text; of the next step what that is.
function words(element) {
  const { keyLabel, key } = element.dataset
  const opened = element.popoverTargetElement ?? byId(element.dataset.opens)
  if (key === "n") return `${keyLabel}: ${text(element)}`
  return keyLabel ?? (opened?.querySelector("h2")?.textContent || text(element))
}

// What it stands beside: its row's customer, or its section's heading.
function about(element) {
  const row = element.closest("[data-row]")
  if (row) return row.querySelector("h3 a, h3")?.textContent.trim() ?? ""
  const section = element.closest("section, main section, [role=region]")
  return section?.getAttribute("aria-label") ?? byId(section?.getAttribute("aria-labelledby"))?.textContent.trim() ?? ""
}

function text(element) {
  const parts = [...element.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent)
  return parts.join(" ").replace(/\s+/g, " ").trim()
}

function elements(selector) {
  const scopes = SCOPES.split(", ").flatMap((scope) => [...document.querySelectorAll(scope)])
  return scopes.flatMap((scope) => [...scope.querySelectorAll(selector)]).filter((element) => usable(element) && !element.closest("dialog, [popover]"))
}
