// Keeps the page as the server knows it, and says how it stands: Live · Connecting · Reconnecting · Polling every 10 s.

import { byId, meta } from "../page/meta.js"
import { fetchOwn, setSpread } from "../page/own.js"
import { setClock, tick } from "../page/times.js"
import { applyOrder } from "./list.js"
import { link } from "./link.js"
import { apply } from "./parts.js"

const WORDS = {
  live: "Live", connecting: "Connecting", reconnecting: "Reconnecting", polling: "Polling every 10 s", stale: "Reconnecting",
}
const FIRST_MS = 1_000 // a stream that opens so soon never says that it was not there
const RELOADED = "ceoc-reloaded"
const stale = new Set()
let state = "connecting"
let patient = true

export function live() {
  const channels = meta("ceoc-live").split(" ").filter(Boolean)
  if (!channels.length || !meta("ceoc-viewer")) return
  addEventListener("click", (event) => event.target.closest?.("#live-order") && applyOrder())
  setTimeout(() => {
    patient = false
    show()
  }, FIRST_MS)
  link(channels, hear)
}

function hear(message) {
  switch (message.kind) {
    case "status":
      state = message.state
      show()
      break
    case "hello":
      if (message.viewer !== meta("ceoc-viewer")) return someoneElse()
      stale.clear()
      setClock(message.now, message.rate, message.at)
      if (message.missed) fetchOwn()
      break
    case "beat":
      if (message.heard) stale.delete("listener")
      else stale.add("listener")
      setClock(message.now, message.rate, message.at)
      show()
      break
    case "stale":
      if (message.stale) stale.add(message.on)
      else stale.delete(message.on)
      show()
      break
    case "parts":
      setSpread(message.spread)
      apply(message.parts, message.heard)
      break
    case "tick":
      tick()
      break
    case "out":
      someoneElse()
  }
}

function show() {
  const element = byId("live-status")
  const shown = state === "live" && stale.size ? "stale" : state
  if (!element || element.dataset.shown === shown || (patient && shown === "connecting")) return
  element.dataset.shown = shown
  element.dataset.state = shown === "stale" || shown === "connecting" ? "reconnecting" : shown
  element.textContent = WORDS[shown]
}

// The session ended, or it is somebody else's, or they may see something else: the page is theirs to see no longer.
function someoneElse() {
  const last = Number(sessionStorage.getItem(RELOADED) ?? 0)
  if (Date.now() - last > 30_000) {
    sessionStorage.setItem(RELOADED, String(Date.now()))
    location.reload()
    return
  }
  const element = byId("live-status")
  if (element) element.textContent = "Signed out. Load the page again."
}
