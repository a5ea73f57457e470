// What is new since one's own last look: the line stays where it stood while the timeline changes, and once the page was
// looked at for a while, the server is told so.

import { headers } from "./meta.js"

const LOOKED_MS = 8_000
const FLAG = "data-looked"

const own = document.getElementById("own-looked")
let timer = null

if (own) {
  const timeline = document.getElementById("e-timeline")
  if (own.dataset.mark && timeline) new MutationObserver(draw).observe(timeline, { childList: true, subtree: true, attributes: true, attributeFilter: [FLAG] })
  if (own.dataset.lookedUrl) {
    document.addEventListener("visibilitychange", arm) // who only follows along changes nothing, not even this
    arm()
  }
}

// Live updates know nothing of one's own line: it is drawn again where it was.
function draw() {
  const seen = document.getElementById(`e-entry-${own.dataset.mark}`)
  for (const other of document.querySelectorAll(`li[${FLAG}]`)) if (other !== seen) other.removeAttribute(FLAG)
  if (seen && !seen.hasAttribute(FLAG)) seen.setAttribute(FLAG, "")
}

function arm() {
  clearTimeout(timer)
  if (document.visibilityState === "visible") timer = setTimeout(tell, LOOKED_MS)
}

function tell() {
  fetch(own.dataset.lookedUrl, { method: "POST", headers: headers(), keepalive: true, redirect: "manual" }).catch(() => undefined)
}
