// Lists that never move under a pointer or a focus: a new order waits there until it is asked for, or until both are gone.

import { byId } from "../page/meta.js"

const waiting = new Map() // container id -> {sections, counts}
let pointed = null // the element under a mouse

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") pointed = event.target
})
document.documentElement.addEventListener("pointerleave", () => {
  pointed = null
  settle()
})
document.addEventListener("pointerout", () => setTimeout(settle))
document.addEventListener("focusout", () => setTimeout(settle))

// ["order", container, {section: [ids]}, {name: number}]
export function order(container, sections, counts = {}) {
  const list = byId(container)
  for (const [name, number] of Object.entries(counts))
    for (const element of document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) element.textContent = number
  if (!list) return
  prune(list, new Set(Object.values(sections).flat()))
  waiting.delete(container)
  if (!isHeld(list)) arrange(list, sections)
  else if (differs(list, sections)) waiting.set(container, sections)
  count(list)
  offer()
}

// Applies what waits, whatever is under the pointer: `.` or a press on "Order changed".
export function applyOrder() {
  const [container] = waiting.keys()
  for (const [id, sections] of waiting) {
    const list = byId(id)
    if (list) arrange(list, sections)
  }
  waiting.clear()
  offer()
  if (document.activeElement === document.body) byId(container)?.querySelector("[data-open]")?.focus()
}

// Puts a new item at the end of the last section in use, where it cannot move what is pointed at or focused, or at the start
// of the first one, where the page scrolls along. Its order follows.
export function place(list, element, where) {
  const sections = [...list.querySelectorAll("[data-section]")]
  if (where === "start") body(sections[0] ?? list).prepend(element)
  else body(sections.findLast((section) => !section.hidden) ?? sections[0] ?? list).append(element)
  count(list)
}

// Takes an item away. Under a pointer or a focus an empty one stays in its place, so that nothing moves; a focus goes on to the
// next item.
export function drop(element) {
  const list = element.closest("[data-list]")
  if (list && element === heldItem(list)) {
    const { height } = element.getBoundingClientRect()
    const focused = element.contains(document.activeElement)
    const next = focused ? neighbour(list, element) : null
    if (element.contains(pointed)) pointed = element
    element.removeAttribute("id")
    element.removeAttribute("data-row")
    element.setAttribute("data-gone", "")
    element.replaceChildren("Left this list")
    element.style.height = `${height}px`
    element.tabIndex = -1
    if (focused) (next?.querySelector("[data-open]") ?? next ?? element).focus({ preventScroll: true })
  } else element.remove()
  if (list) count(list)
}

// The item after it, or before it where it was the last one.
function neighbour(list, element) {
  const all = items(list)
  const at = all.indexOf(element)
  return all[at + 1] ?? all[at - 1] ?? null
}

// Runs a change and scrolls by as much as it moved what is pointed at or focused.
export function steadily(change) {
  const anchor = inSight(anchored())
  const before = anchor?.getBoundingClientRect().top
  change()
  if (anchor?.isConnected) scrollBy({ top: anchor.getBoundingClientRect().top - before, behavior: "instant" })
}

function anchored() {
  const focused = document.activeElement === document.body ? null : document.activeElement
  const element = focused ?? pointed
  return element?.closest?.("[data-row], [data-new], form, details") ?? focused
}

function inSight(element) {
  if (!element) return null
  const { top, bottom } = element.getBoundingClientRect()
  return bottom > 0 && top < innerHeight ? element : null
}

function isHeld(list) {
  return list.contains(document.activeElement) || (pointed?.isConnected && list.contains(pointed)) || false
}

function heldItem(list) {
  const element = list.contains(document.activeElement) ? document.activeElement : pointed
  return element?.closest?.("[data-row], [data-gone]") ?? null
}

// Whether items that stand there would have to change places.
function differs(list, sections) {
  const present = new Set(items(list).map((item) => item.id)) // those that left have no id any more
  return [...list.querySelectorAll("[data-section]")].some((section) => {
    const wanted = (sections[section.dataset.section] ?? []).filter((id) => present.has(id))
    return wanted.join() !== [...body(section).children].filter((item) => item.id).map((item) => item.id).join()
  })
}

function arrange(list, sections) {
  const focused = document.activeElement
  for (const gone of list.querySelectorAll("[data-gone]")) gone.remove()
  for (const section of list.querySelectorAll("[data-section]")) {
    const place = body(section)
    ;(sections[section.dataset.section] ?? []).forEach((id, index) => {
      const item = byId(id)
      if (item && place.children[index] !== item) move(place, item, place.children[index] ?? null)
    })
  }
  if (focused !== document.activeElement && focused?.isConnected) focused.focus({ preventScroll: true })
  count(list)
}

function move(place, item, before) {
  if (place.moveBefore && item.isConnected) place.moveBefore(item, before)
  else place.insertBefore(item, before)
}

function prune(list, wanted) {
  for (const item of items(list)) if (!wanted.has(item.id)) drop(item)
}

function items(list) {
  return [...list.querySelectorAll("[data-section]")].flatMap((section) => [...body(section).children].filter((item) => item.id))
}

function body(section) {
  return section.matches("ul, ol, tbody") ? section : (section.querySelector("ul, ol, tbody") ?? section)
}

function count(list) {
  for (const section of list.querySelectorAll("[data-section]")) {
    const number = [...body(section).children].filter((item) => !item.hasAttribute("data-gone")).length
    section.hidden = !body(section).children.length
    for (const element of section.querySelectorAll("[data-section-count]")) element.textContent = number
  }
}

// Once nothing is pointed at or focused any more, the order that waits is shown by itself.
function settle() {
  for (const [id, sections] of [...waiting]) {
    const list = byId(id)
    if (list && isHeld(list)) continue
    waiting.delete(id)
    if (list) arrange(list, sections)
  }
  for (const gone of document.querySelectorAll("[data-list] [data-gone]")) {
    const list = gone.closest("[data-list]")
    if (isHeld(list)) continue
    gone.remove()
    count(list)
  }
  offer()
}

function offer() {
  const button = byId("live-order")
  if (button) button.hidden = !waiting.size
}
