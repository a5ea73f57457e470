// Single keys, shown under `?`, and switched off there (WCAG 2.1.4). They rest while one types.

import { byId } from "./meta.js"
import { applyOrder } from "../live/list.js"

const OFF = "ceoc-keys-off"
const FIXED = { j: "Next in the list", k: "Back in the list", Enter: "Open", ".": "Show the new order", "?": "These keys", "Ctrl ⏎": "Send what I write", Esc: "Leave the field, close" }

export function startKeys() {
  document.addEventListener("keydown", press)
  document.addEventListener("focusin", ({ target }) => mark(target.closest?.("[data-row]")))
  document.addEventListener("click", ({ target }) => target.closest?.("[data-keys]") && help())
}

function press(event) {
  const { key, target } = event
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.form && target.matches("textarea")) {
    event.preventDefault()
    return target.form.requestSubmit(target.form.querySelector("button:not([type=button])"))
  }
  if (key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey)) return activate(event, "/")
  if (key === "Escape" && typing(target) && !event.isComposing) return leave(target)
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing) return
  if (typing(target) || document.querySelector("dialog[open], [popover]:popover-open") || isOff()) return
  if (key === "?") return act(event, help)
  if (key === "j" || key === "k") return act(event, () => step(key === "j" ? 1 : -1))
  if (key === "." && !byId("live-order")?.hidden) return act(event, applyOrder)
  if (key === "Enter" && (target === document.body || target.matches("[data-row]"))) return act(event, open)
  activate(event, key)
}

// Out of a field that one typed in, so that single keys work again; its text stays. A dialog or a menu closes instead, and a
// search is emptied first.
function leave(field) {
  if (field.closest("dialog[open], [popover], details[data-menu]") || (field.type === "search" && field.value)) return
  field.blur()
}

// Presses or focuses what has that key: in the current row first, else on the page.
function activate(event, key) {
  const selector = `[data-key="${CSS.escape(key)}"]`
  const element = [...(current()?.querySelectorAll(selector) ?? []), ...document.querySelectorAll(selector)].find(visible)
  if (!element || element.disabled) return
  act(event, () => {
    element.focus()
    if (element.matches("input, textarea, select")) element.select?.()
    else element.click()
  })
}

function act(event, what) {
  event.preventDefault()
  what()
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(visible)
  if (!rows.length) return
  const at = rows.indexOf(current())
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]
  const link = row.querySelector("[data-open]") ?? row
  link.focus()
  row.scrollIntoView({ block: "nearest" })
  mark(row)
}

function open() {
  current()?.querySelector("[data-open]")?.click()
}

function current() {
  return document.querySelector("[data-row][aria-current]")
}

function mark(row) {
  if (!row) return
  for (const other of document.querySelectorAll("[data-row][aria-current]")) if (other !== row) other.removeAttribute("aria-current")
  row.setAttribute("aria-current", "true")
}

function typing(element) {
  return element.isContentEditable || element.matches?.("textarea, select, input:not([type=checkbox], [type=radio], [type=button])")
}

function visible(element) {
  return element.checkVisibility?.() ?? element.offsetParent !== null
}

function isOff() {
  return localStorage.getItem(OFF) !== null
}

function help() {
  byId("keys")?.remove()
  const dialog = document.createElement("dialog")
  dialog.id = "keys"
  dialog.className = "dialog"
  dialog.setAttribute("aria-labelledby", "keys-title")
  const foot = element("div")
  foot.className = "do"
  foot.append(closer(dialog))
  dialog.append(heading(), list(), choice(), foot)
  document.body.append(dialog)
  dialog.addEventListener("close", () => dialog.remove())
  dialog.showModal()
}

function heading() {
  const title = element("h2", "Keys")
  title.id = "keys-title"
  return title
}

function list() {
  const rows = element("dl")
  rows.className = "keys"
  const own = [...document.querySelectorAll("[data-key][data-key-label]")].map(({ dataset }) => [dataset.key, dataset.keyLabel])
  for (const [key, label] of Object.entries({ ...Object.fromEntries(own), ...FIXED })) {
    const row = element("div")
    const name = element("dt")
    name.append(element("kbd", key))
    row.append(name, element("dd", label))
    rows.append(row)
  }
  return rows
}

function choice() {
  const label = element("label")
  label.className = "choice"
  const box = element("input")
  box.type = "checkbox"
  box.checked = !isOff()
  box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")))
  label.append(box, " Single keys are on in this browser")
  return label
}

function closer(dialog) {
  const button = element("button", "Close")
  button.className = "button"
  button.type = "button"
  button.addEventListener("click", () => dialog.close())
  return button
}

function element(name, text = "") {
  const made = document.createElement(name)
  made.textContent = text
  return made
}
