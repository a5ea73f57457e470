// One polite sentence for screen readers, never more than one in two seconds.

import { byId } from "./meta.js"

const EVERY_MS = 2_000
const waiting = []
let timer = null

export function say(sentence) {
  if (!sentence) return
  waiting.push(sentence)
  timer ??= setTimeout(speak, 100)
}

function speak() {
  timer = null
  const region = byId("live-say")
  if (!waiting.length || !region) return
  region.textContent = waiting.length > 2 ? `${waiting.length} changes on this page. ${waiting.at(-1)}` : waiting.join(" ")
  waiting.length = 0
  timer = setTimeout(speak, EVERY_MS)
}
