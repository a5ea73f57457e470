// What is one's own is fetched again over its own URL, with one's own rights, when the server nudges.

import { headers } from "./meta.js"
import { morph } from "../live/morph.js"

const EVERY_MS = 1_500 // what is nudged all the time is fetched no oftener
const SPREAD_MS = 300 // many pages are nudged at once
let spread = SPREAD_MS // of very many the server says how widely they part
const waiting = new Set()
const fetched = new Map() // element id -> when

// How widely pages part that hear what is being heard now.
export function setSpread(ms = SPREAD_MS) {
  spread = ms
}

export function fetchOwn(name = "") {
  for (const element of document.querySelectorAll("[data-own]")) {
    if ((name && element.dataset.ownName !== name) || waiting.has(element.id)) continue
    waiting.add(element.id)
    const rest = (fetched.get(element.id) ?? -Infinity) + Math.max(EVERY_MS, spread) - performance.now()
    setTimeout(() => fetchAgain(element.id), Math.max(rest, Math.random() * spread))
  }
}

async function fetchAgain(id) {
  waiting.delete(id)
  fetched.set(id, performance.now())
  const element = document.getElementById(id)
  if (!element) return
  try {
    const answer = await fetch(element.dataset.own, { headers: headers(), redirect: "manual", cache: "no-store" })
    if (!answer.ok) return
    const html = await answer.text()
    const present = document.getElementById(id)
    if (present && html.trim()) morph(present, html)
  } catch {
    return // the next nudge, or the next page, fetches it
  }
}
