// Single keys: they rest while one types, in dialogs, under modifiers, and where they are switched off (WCAG 2.1.4).

import { applyOrder } from "../live/list.js"
import { isElsewhere, keyed, press } from "./acts.js"
import { goBack } from "./back.js"
import { byId } from "./meta.js"
import { openPalette } from "./palette.js"
import { openRow, step } from "./rows.js"
import { begin, follow, hint } from "./sequences.js"

export const OFF = "ceoc-keys-off" // where a browser keeps that single keys are off
const COMPOSING = 229 // a key that an input method takes
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Fn"])

const FIXED = {
  "?": help,
  "/": openPalette,
  g: begin,
  j: () => step(1),
  k: () => step(-1),
  Escape: goBack,
}

export function startKeys() {
  document.addEventListener("keydown", pressed)
  document.addEventListener("click", ({ target }) => target.closest?.("[data-keys]") && help())
}

export function areOff() {
  return localStorage.getItem(OFF) !== null
}

async function help() {
  const { openHelp } = await import("../later/help.js")
  openHelp()
}

function pressed(event) {
  const { key, target } = event
  if (event.defaultPrevented || event.isComposing || event.keyCode === COMPOSING || MODIFIERS.has(key)) return
  const modified = event.ctrlKey || event.metaKey
  if (key === "Enter" && modified && target.form && target.matches("textarea")) return done(event, () => send(target.form))
  if (isOccupied()) return
  if (modified && !event.altKey && key.toLowerCase() === "k") return done(event, openPalette)
  if (key === "Escape" && isTyping(target)) return leave(target)
  if (modified || event.altKey || isTyping(target) || areOff()) return
  if (follow(key)) return event.preventDefault()
  single(event)
}

function single(event) {
  const { key, target } = event
  if (event.repeat && key !== "j" && key !== "k") return // held down: done once
  if (key === "Enter") return target.closest("a, button, input, summary") || openRow()
  if (key === "." && byId("live-order")?.hidden === false) return done(event, applyOrder)
  if (FIXED[key]) return done(event, FIXED[key])
  const [element] = keyed(key)
  if (element) return done(event, () => press(element))
  if (isElsewhere(key)) hint(["Choose a row first: press j or k"])
}

function done(event, act) {
  event.preventDefault()
  act()
}

function send(form) {
  form.requestSubmit(form.querySelector("button:not([type=button])"))
}

// Out of a field that one typed in, so that single keys work again; its text stays. A search is emptied first.
function leave(field) {
  if (field.closest("details[data-menu]") || (field.type === "search" && field.value)) return
  field.blur()
}

function isOccupied() {
  return document.querySelector("dialog[open], [popover]:popover-open") !== null
}

function isTyping(element) {
  return element.isContentEditable || element.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button])")
}
