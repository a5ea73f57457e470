// Says that this tab shows an emergency to somebody: while it is in sight and somebody is there; and to whom one writes, never
// what. The server forgets what it is not told again.

import { headers } from "./meta.js"

const BEAT_MS = 20_000
const WRITES_MS = 10_000 // since the last letter
const ASLEEP_MS = 15 * 60_000 // without a key, a pointer or a scroll nobody is there
const TURNED_MS = 1_000

const tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")
const place = document.querySelector("#e-head [data-here]")?.dataset.here
let isHere = false
let writing = ""
let wrote = 0
let awake = Date.now()
let turned = 0
let before = Promise.resolve()

export function startLooking() {
  if (!place) return
  for (const name of ["pointermove", "pointerdown", "keydown", "scroll"]) addEventListener(name, stir, { passive: true, capture: true })
  document.addEventListener("input", ({ target }) => target.matches?.("textarea[data-audience]") && writes(target.dataset.audience))
  document.addEventListener("visibilitychange", look)
  addEventListener("focus", () => isHere && Date.now() - turned > TURNED_MS && turn())
  addEventListener("pagehide", () => isHere && leave(true))
  addEventListener("pageshow", ({ persisted }) => persisted && look())
  setInterval(beat, BEAT_MS)
  look()
}

function stir() {
  const slept = Date.now() - awake > ASLEEP_MS
  awake = Date.now()
  if (slept) look()
}

function look() {
  const sees = document.visibilityState === "visible" && Date.now() - awake <= ASLEEP_MS
  if (sees && !isHere) turn()
  else if (!sees && isHere) leave()
}

function turn() {
  isHere = true
  turned = Date.now()
  tell({ turned: 1, writing })
}

function leave(atOnce = false) {
  isHere = false
  tell({ gone: 1 }, atOnce)
}

function writes(audience) {
  const last = (wrote = Date.now())
  setTimeout(() => last === wrote && (writing = "") === "" && isHere && tell({ writing }), WRITES_MS)
  if (writing === audience || !isHere) return
  writing = audience
  tell({ writing })
}

function beat() {
  look()
  if (isHere) tell({ writing })
}

// One after the other, so that what was said last counts: nobody who left is said to be here. A page that goes waits for nothing.
function tell(said, atOnce = false) {
  const body = new URLSearchParams({ tab, ...said })
  const send = () =>
    (said.gone || isHere) &&
    fetch(`/emergencies/${place}/here/`, { method: "POST", headers: headers(), body, keepalive: true, redirect: "manual" }).catch(() => null)
  before = atOnce ? send() : before.then(send)
}
