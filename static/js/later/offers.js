// What this page itself offers for some words, as options of the palette's list: its acts, and the places that one may go to.

import { acts, described, places, usable } from "../page/acts.js"
import { byId } from "../page/meta.js"

const entries = new WeakMap() // option -> {element, words, …}

export function offer(words) {
  const terms = words.toLowerCase().split(/\s+/).filter(Boolean)
  fill("palette-acts", acts(), terms)
  fill("palette-places", places().filter(({ here }) => !here), terms)
}

export function forget() {
  fill("palette-acts", [], [])
}

// The act or place behind an option; of one that the server told there is none.
export function offered(option) {
  return entries.get(option)
}

// Whether it is still there: a live update may have put another act in its place.
export function stands(entry) {
  return usable(entry.element) && (!("atOnce" in entry) || described(entry.element).words === entry.words)
}

function fill(name, all, terms) {
  const group = byId(name)
  const shown = all.filter((entry) => fits(entry, terms))
  for (const option of group.querySelectorAll("[role=option]")) option.remove()
  group.append(...shown.map((entry, place) => made(entry, `${name}-${place}`)))
  group.hidden = !shown.length
}

function made(entry, id) {
  const option = byId("palette-option").content.firstElementChild.cloneNode(true)
  const icon = entry.element.querySelector("svg.i")
  const { go } = entry.element.dataset
  const told = { words: entry.words, about: entry.about ?? "", key: go ? `g ${go}` : entry.key }
  option.id = id
  if (icon) option.querySelector(".palette-icon").append(icon.cloneNode(true))
  for (const [name, text] of Object.entries(told)) option.querySelector(`[data-fill=${name}]`).textContent = text
  entries.set(option, entry)
  return option
}

// All the words are in it, one of them in what it does: a customer's name alone asks for the customer.
function fits({ words, about = "" }, terms) {
  return !terms.length || (terms.some((term) => begins(words, term)) && terms.every((term) => begins(`${words} ${about}`, term)))
}

function begins(text, term) {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(term))
}
