// Shows who is beside an emergency, wherever a page has a place for it ([data-here]), and tells an engineer who follows along.
// What is known stands hidden in #here and #followers, as the stream brings it. Oneself is never shown to oneself.

import { byId, me } from "./meta.js"

const shown = new WeakMap() // place -> the markup that stands there

export function startBeside() {
  document.addEventListener("ceoc:applied", draw)
}

// The emergency that the person turned to last, or none.
export function whereIs(email) {
  const there = [...document.querySelectorAll("#here [data-who]")].filter((one) => one.dataset.who === email)
  const last = there.sort((one, other) => Number(other.dataset.at) - Number(one.dataset.at))[0]
  return last?.closest("li").id.replace("here-", "") ?? ""
}

function draw() {
  for (const place of document.querySelectorAll("[data-here]")) {
    const others = [...(byId(`here-${place.dataset.here}`)?.children ?? [])].filter((one) => one.dataset.who !== me)
    const markup = others.map((one) => one.outerHTML).join("")
    if ((shown.get(place) ?? "") === markup) continue
    shown.set(place, markup)
    place.replaceChildren(...others.map((one) => one.cloneNode(true)))
  }
  const line = byId("along")
  const names = [...document.querySelectorAll("#followers li")].filter((one) => one.dataset.of === me).map((one) => one.textContent)
  const words = names.length ? `${list(names)} ${names.length > 1 ? "follow" : "follows"} along and see${names.length > 1 ? "" : "s"} what you see.` : ""
  if (!line || line.textContent === words) return
  line.hidden = !words
  line.textContent = words
}

function list(names) {
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]
}
