// A shadow's browser goes where the engineer goes: the tab in sight moves when the engineer turns to another emergency, not
// while one types or chooses, and only once for each turn, so that one may look around meanwhile.

import { isTyped } from "../live/morph.js"
import { whereIs } from "../page/beside.js"
import { byId, headers } from "../page/meta.js"
import { fetchOwn } from "../page/own.js"

const BEAT_MS = 40_000
const LAST = "ceoc-followed" // where this browser went along to

export function startFollow() {
  if (!byId("own-follow")) return
  for (const name of ["ceoc:applied", "htmx:after:swap", "visibilitychange"]) document.addEventListener(name, go)
  setInterval(beat, BEAT_MS)
  beat()
  go()
}

function go() {
  const { follow: who, paused } = byId("own-follow")?.dataset ?? {}
  if (!who) return localStorage.removeItem(LAST)
  const place = whereIs(who)
  const there = `/emergencies/${place}/`
  show(place, there)
  const turn = `${who} ${place}`
  if (!place || paused !== undefined || document.visibilityState !== "visible" || stays() || localStorage.getItem(LAST) === turn) return
  localStorage.setItem(LAST, turn)
  if (location.pathname !== there) location.assign(there)
}

function show(place, there) {
  const [words, link] = [byId("follow-where"), byId("follow-there")]
  const isThere = location.pathname === there
  const said = !place ? "looks at no emergency now" : isThere ? "looks at this too" : "looks at another emergency"
  if (words && words.textContent !== said) words.textContent = said
  if (!link) return
  link.hidden = !place || isThere
  link.href = there
}

// A page on which one chooses, and one in which something is typed.
function stays() {
  return Boolean(document.querySelector("main [data-stays], dialog[open]")) || [...document.querySelectorAll("main :is(input, textarea)")].some(isTyped)
}

async function beat() {
  if (byId("own-follow")?.dataset.follow === undefined) return
  const body = new URLSearchParams({ do: "beat" })
  const answer = await fetch("/follow/change/", { method: "POST", headers: headers(), body, redirect: "manual" }).catch(() => null)
  if (answer?.status === 404) fetchOwn("follow") // it ended: in another tab, or nobody told of it for long
}
