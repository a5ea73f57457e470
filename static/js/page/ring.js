// A ring is heard once in a browser: the shared worker picks a tab for it, and what rang is remembered for all of them. Sound and
// notification are chosen on /ringing/, and rest until then. Every tab out of sight shows it in its title.

import { me } from "./meta.js"
import { say } from "./say.js"
import { callInTitle } from "./title.js"

const CHOICE = "ceoc-ringing"
const RUNG = "ceoc-rung"
const REMEMBERED = 60

export function choice() {
  return JSON.parse(localStorage.getItem(CHOICE) ?? "{}")
}

export function choose(changed) {
  localStorage.setItem(CHOICE, JSON.stringify({ ...choice(), ...changed }))
  showState()
}

export function maySound() {
  return Boolean(choice().sound) && mayPlay()
}

// A browser plays nothing in a tab in which nobody ever pressed anything.
function mayPlay() {
  return "AudioContext" in globalThis && (navigator.userActivation?.hasBeenActive ?? true)
}

async function play() {
  const { tone } = await import("../later/tone.js")
  return tone()
}

export function startRing() {
  showState()
  addEventListener("storage", showState)
  for (const name of ["click", "keyup"]) addEventListener(name, showState, { once: true })
}

// {key, id, text, to, by}; `loud` in the tab that was picked, `inSight` when any tab of this browser is looked at.
export async function ring({ key, id, text, to, by }, { loud = true, inSight = document.visibilityState === "visible" } = {}) {
  if (by === me || (to.length && !to.includes(me))) return
  if (document.visibilityState !== "visible") callInTitle(text)
  if (!loud || !isFirst(key)) return
  if (!document.getElementById("queue")) say(text) // the queue says what comes into it
  const { sound, notify } = choice()
  const shown = Boolean(notify && !inSight && notification(text, id, key))
  const sounded = Boolean(sound) && (await play())
  document.dispatchEvent(new CustomEvent("ceoc:rang", { detail: { key, sounded, shown } }))
}

// Shows a notification that leads to the emergency; says whether the browser was willing.
export function notification(text, id = "", key = "") {
  if (globalThis.Notification?.permission !== "granted") return false
  try {
    const shown = new Notification(text, { tag: key, body: "CEOC" })
    shown.onclick = () => {
      focus()
      if (id) location.assign(`/emergencies/${id}/`)
      shown.close()
    }
    return true
  } catch {
    return false // some phones show none from a page
  }
}

function isFirst(key) {
  const rung = JSON.parse(localStorage.getItem(RUNG) ?? "[]")
  if (rung.includes(key)) return false
  localStorage.setItem(RUNG, JSON.stringify([...rung, key].slice(-REMEMBERED)))
  return true
}

function showState() {
  const { sound, notify } = choice()
  const words = sound && !mayPlay() ? "silent until you press" : sound || notify ? "on" : "off"
  for (const element of document.querySelectorAll("[data-ring-state]")) element.textContent = `Ringing: ${words}`
}
