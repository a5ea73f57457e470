// Does what a message says (ceoc/live/parts.py): each part is [verb, …].

import { meta, me, byId } from "../page/meta.js"
import { fetchOwn } from "../page/own.js"
import { ring } from "../page/ring.js"
import { say } from "../page/say.js"
import { tick } from "../page/times.js"
import { arrived, made, morph } from "./morph.js"
import { drop, order, place, steadily } from "./list.js"

const VERBS = { swap, insert, remove, order, nudge: fetchOwn }

// `heard` says whether this is the tab that rings aloud (page/ring.js).
export function apply(parts, heard) {
  steadily(() => {
    for (const [verb, ...rest] of parts) {
      if (verb === "event") happen(...rest, heard)
      else VERBS[verb]?.(...rest)
    }
  })
  tick()
  document.dispatchEvent(new Event("ceoc:applied"))
}

function swap(target, html) {
  const element = byId(target)
  if (element) morph(element, html)
}

function insert(container, target, html, where) {
  const present = byId(target)
  const list = byId(container)
  if (present) return morph(present, html)
  if (!list) return
  const element = made(html)
  if (!list.hasAttribute("data-list")) list[where === "start" ? "prepend" : "append"](element)
  else place(list, element, where)
  htmx.process(element)
  arrived(element)
}

function remove(target) {
  const element = byId(target)
  if (element) drop(element)
}

function happen(name, data, heard) {
  if (name === "ring") ring(data, heard)
  if (name === "said" && (!data.to?.length || data.to.includes(me))) say(data.text)
  if (name === "gone") leave(data)
}

// What the page shows is not there any more, for this person: nothing of it stays but the way on.
function leave({ title = "This is not here any more", text = "" }) {
  const main = document.querySelector("main")
  if (!main || main.hasAttribute("data-gone")) return
  const state = document.createElement("section")
  const [heading, sentence, link] = ["h1", "p", "a"].map((name) => document.createElement(name))
  heading.textContent = title
  sentence.textContent = text
  link.className = "button"
  link.href = meta("ceoc-home") || "/"
  link.textContent = "Go to the board"
  state.className = "gone"
  state.append(heading, ...(text ? [sentence] : []), link)
  for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close()
  for (const own of document.querySelectorAll("dialog:not([data-stays]), [popover].dialog, [data-own]")) own.remove()
  main.setAttribute("data-gone", "")
  main.className = ""
  main.replaceChildren(state)
  document.title = `${title} · CEOC`
  say([title, text].filter(Boolean).join(". "))
}
