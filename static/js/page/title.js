// The tab's title shows the nearest clock of one's own: `12 m Northwind Robotics · CEOC`, by ten seconds under two minutes; and in
// a tab that is out of sight what rang, until it is looked at.

import { me } from "./meta.js"

const MINUTE = 60_000
const CALLS_MS = 5 * MINUTE
let own = document.title
let shown = own
let call = "" // what rang while nobody looked
let calledAt = 0

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") call = ""
})

export function callInTitle(text) {
  call = text
  calledAt = performance.now()
  put(`${call} · CEOC`)
}

export function showTitle(at) {
  if (document.title !== shown) own = document.title // somebody else set it
  if (performance.now() - calledAt > CALLS_MS) call = ""
  const nearest = [...document.querySelectorAll("[data-due][data-who]")]
    .filter((element) => me && element.dataset.who === me)
    .sort((one, other) => Date.parse(one.dataset.due) - Date.parse(other.dataset.due))[0]
  const clock = nearest ? `${short(Date.parse(nearest.dataset.due) - at)} ${nearest.dataset.title ?? ""} · CEOC` : own
  put(call ? `${call} · CEOC` : clock)
}

function put(title) {
  if (document.title !== title) document.title = title
  shown = title
}

function short(left) {
  const ms = Math.abs(left)
  const sign = left < 0 ? "+" : ""
  if (ms < 2 * MINUTE) {
    const tens = Math.floor(ms / 10_000) * 10
    return `${sign}${Math.floor(tens / 60)}:${String(tens % 60).padStart(2, "0")}`
  }
  const minutes = Math.floor(ms / MINUTE)
  return minutes < 60 ? `${sign}${minutes} m` : `${sign}${Math.floor(minutes / 60)} h ${minutes % 60} m`
}
