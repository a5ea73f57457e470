// The focus never falls to nowhere. What had it may leave with a live update, a press or a dialog, or become another act in
// the same place: then what stands there now gets it, the next primary act or the heading.

import { usable } from "./acts.js"
import { byId } from "./meta.js"
import { OPENS } from "./rows.js"

const SIGNS = ["formaction", "popovertarget", "href", "value", "name", "type"]
const HEADINGS = "h1, h2, h3"
const PRIMARY = ".button[data-kind=primary]"

const LAYERS = "#toasts, dialog, [popover]"

let held = null // {element, sign, around, layer, before: what was held before that layer}
let timer = null

export function startFocus() {
  document.addEventListener("focusin", ({ target }) => hold(target))
  document.addEventListener("focusout", ({ target, relatedTarget }) => relatedTarget || setTimeout(() => left(target)))
  const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", ...SIGNS] }
  new MutationObserver(look).observe(document.body, watched)
}

function hold(element) {
  const layer = element.closest(LAYERS)
  const before = layer && layer === held?.layer ? held.before : layer && held
  held = { element, sign: sign(element), around: ancestors(element), layer, before }
}

// Given up on purpose, nobody has it and nothing is missing.
function left(element) {
  if (held?.element !== element || document.activeElement !== document.body) return
  if (usable(element)) held = null
  else look()
}

function look() {
  if (held && isLost()) timer ??= setTimeout(mend)
}

function isLost() {
  return !usable(held.element) || sign(held.element) !== held.sign
}

function mend() {
  timer = null
  const { activeElement } = document
  if (!held || !isLost() || (activeElement !== document.body && activeElement !== held.element)) return
  const next = instead(held)
  if (!next) return (held = null) // nothing had it before that layer came
  if (!next.matches("a, button, input, select, textarea, summary, [tabindex]")) next.tabIndex = -1
  next.focus({ preventScroll: true })
  hold(next)
}

// From the nearest thing around it that still stands outwards; out of a layer back to what had it before that came.
function instead({ element, around, layer, before }) {
  for (const place of around) {
    const present = place.isConnected ? place : byId(place.id)
    const found = present && usable(present) && within(present, element)
    if (found) return found
    if (place === layer) return before && (usable(before.element) ? before.element : instead(before))
  }
  return document.querySelector("main")
}

function within(place, lost) {
  const twin = lost.id && place.querySelector(`#${CSS.escape(lost.id)}`)
  const panel = place.closest("[role=tabpanel]") // what was written in it is sent: single keys work again
  if (panel) return document.querySelector(`[role=tab][aria-controls="${panel.id}"]`)
  if (place.matches("[data-row]")) return place.querySelector(OPENS)
  return [twin, ...place.querySelectorAll(PRIMARY), ...place.querySelectorAll(HEADINGS)].find((one) => one && usable(one) && !one.matches(".sr"))
}

function ancestors(element) {
  const found = []
  for (let place = element.parentElement; place && place !== document.body; place = place.parentElement) found.push(place)
  return found
}

function sign(element) {
  return element.matches("button, a") ? SIGNS.map((name) => element.getAttribute(name) ?? "").join("\n") : ""
}
