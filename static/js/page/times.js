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

let clock = { at: 0, shown: Date.now(), rate: 1 }
let written = new WeakMap() // a time element -> the instant, way and day that its text was written for

// The domain's clock shows `now` at this moment and runs `rate` times as fast as real time.
export function setClock(now, rate, at = performance.now()) {
  clock = { at, shown: Date.parse(now), rate: Number(rate) || 1 }
}

export function now() {
  return clock.shown + (performance.now() - clock.at) * clock.rate
}

export function startTimes() {
  const [navigation] = performance.getEntriesByType("navigation")
  if (meta("ceoc-now")) setClock(meta("ceoc-now"), meta("ceoc-rate"), navigation?.responseStart ?? 0)
  tick()
  setInterval(tick, 1_000)
  document.addEventListener("visibilitychange", tick)
  document.addEventListener("htmx:after:swap", tick)
}

export function tick() {
  const at = now()
  for (const element of document.querySelectorAll("time[data-show]")) writeTime(element, at)
  for (const element of document.querySelectorAll("[data-due], [data-since]")) writeClock(element, at)
  showTitle(at)
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
