// All times of the page from one clock and one timer: instants in the viewer's zone, ages, and clocks that count down and up.
// The server gives the domain's time and its rate (a demo's clock runs faster); only what changed is written.

import { meta, zone } from "./meta.js"
import { showTitle } from "./title.js"

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const SOON_SECONDS = 300

const hours = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
const days = format({ day: "numeric", month: "short" })
const dates = format({ day: "numeric", month: "short", year: "numeric" })
const utc = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium", timeZone: "UTC" })

const LATE_MS = 500 // as long as an answer may have been on its way
const SHORTEST_MS = 100 // between two writings, however fast the clock runs

let clock = { at: 0, shown: Date.now(), rate: 1 }
let timer = null
let written = new WeakMap() // a time element -> the instant, way and day that its text was written for

// The domain's clock showed `shown` when the browser heard it (`heardAt`, by Date.now()) and runs `rate` times as fast as
// real time. Of several answers on one clock the one that was least long on its way counts, so that it never flickers.
export function setClock(shown, rate, heardAt = Date.now()) {
  const told = { at: performance.now() - (Date.now() - heardAt), shown: Date.parse(shown), rate: Number(rate) || 1 }
  const behind = now() - reading(told)
  if (told.rate === clock.rate && behind >= 0 && behind < LATE_MS * told.rate) return
  clock = told
  tick()
}

export function now() {
  return reading(clock)
}

function reading({ at, shown, rate }) {
  return shown + (performance.now() - at) * rate
}

export function startTimes() {
  const [navigation] = performance.getEntriesByType("navigation")
  const shown = Date.parse(meta("ceoc-now"))
  if (shown) clock = { at: navigation?.responseStart ?? 0, shown, rate: Number(meta("ceoc-rate")) || 1 }
  tick()
  document.addEventListener("visibilitychange", tick)
  document.addEventListener("htmx:after:swap", tick)
}

// Writes the whole second (of a fast clock the tenth of a real one), and comes again when the next begins: pages that stand
// beside each other change together.
export function tick() {
  const step = Math.max(1_000, SHORTEST_MS * clock.rate)
  const at = Math.floor(now() / step) * step
  clearTimeout(timer)
  timer = setTimeout(tick, Math.max((at + step - now()) / clock.rate, 0) + 1)
  for (const element of document.querySelectorAll("time[data-show]")) writeTime(element, at)
  for (const element of document.querySelectorAll("[data-due], [data-since]")) writeClock(element, at)
  showTitle(at)
  document.dispatchEvent(new CustomEvent("ceoc:tick", { detail: { at, rate: clock.rate } }))
}

function writeTime(element, at) {
  const instant = Date.parse(element.dateTime)
  const { show } = element.dataset
  if (Number.isNaN(instant)) return
  if (show === "age") return write(element, age(at - instant))
  if (show === "count") return write(element, count(instant - at))
  const today = dates.format(at)
  const key = `${instant} ${show} ${today}`
  if (written.get(element) === key) return
  written.set(element, key)
  write(element, stamp(instant, show, today))
  element.title = `${utc.format(instant)} UTC`
}

function stamp(instant, show, today) {
  const day = dates.format(instant)
  if (show === "date") return day
  if (show === "stamp") return `${day} ${hours.format(instant)}`
  return day === today ? hours.format(instant) : `${days.format(instant)} ${hours.format(instant)}`
}

function writeClock(element, at) {
  const { due, since } = element.dataset
  const left = Date.parse(due ?? since) - at
  const [text, words] = [element.querySelector("span"), element.querySelector("small")]
  write(text ?? element, due ? count(left) : count(-left))
  if (!due) return
  if (words) write(words, left < 0 ? "late" : "left")
  const soon = Number(element.dataset.soon ?? SOON_SECONDS) * 1_000
  const tone = left < 0 ? "late" : left < soon ? "soon" : ""
  if ((element.dataset.tone ?? "") !== tone) element.dataset.tone = tone
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

// 02:41, 5 h 18 m, 4 d; with a plus when it is past.
export function count(left) {
  const ms = Math.abs(left)
  const sign = left < 0 ? "+" : ""
  if (ms >= 100 * HOUR) return `${sign}${Math.floor(ms / DAY)} d`
  if (ms >= HOUR) return `${sign}${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} m`
  return `${sign}${two(ms / MINUTE)}:${two((ms % MINUTE) / 1_000)}`
}

// now, 3 m, 1 h 4 m, 14 h, 3 d
export function age(ms) {
  if (ms < MINUTE) return "now"
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m`
  if (ms < 10 * HOUR) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} m`
  return ms < 100 * HOUR ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`
}

function two(number) {
  return String(Math.floor(number)).padStart(2, "0")
}

function format(options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options })
}
