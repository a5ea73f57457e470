// Two keys that lead to a place: `g`, then its letter. A line says which there are; it leaves by Esc, by any other key, and by
// itself.

import { places } from "./acts.js"
import { byId } from "./meta.js"

const WAIT_MS = 4_000
const SAID_MS = 3_000

let waiting = false
let timer = null

export function begin() {
  const parts = reachable().flatMap(({ key, words }) => [shown(key), ` ${words} `])
  if (!parts.length) return
  hint(["Go to ", ...parts, shown("Esc"), " stay"], WAIT_MS)
  waiting = true
}

// Whether the key was the second of two, and is done with.
export function follow(key) {
  if (!waiting) return false
  clear()
  reachable().find((place) => place.key === key)?.element.click()
  return true
}

export function reachable() {
  return places().filter((place) => place.key)
}

// A short sentence that leaves by itself.
export function hint(parts, ms = SAID_MS) {
  byId("key-hint")?.replaceChildren(...parts)
  clearTimeout(timer)
  timer = setTimeout(clear, ms)
}

function clear() {
  waiting = false
  clearTimeout(timer)
  byId("key-hint")?.replaceChildren()
}

function shown(key) {
  const element = document.createElement("kbd")
  element.textContent = key
  return element
}
