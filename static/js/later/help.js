// Which keys there are on this page, under `?`; single keys are switched off there (WCAG 2.1.4). Fetched when first asked for.

import { described, isElsewhere, keyed } from "../page/acts.js"
import { areOff, OFF } from "../page/keys.js"
import { byId } from "../page/meta.js"
import { hasRows } from "../page/rows.js"
import { reachable } from "../page/sequences.js"

const LISTS = [["j", "Next in the list"], ["k", "Back in the list"], ["Enter", "Open"], [".", "Show the new order"]]
const EVERYWHERE = [
  ["/", "Find an emergency, person, page or act"], ["Ctrl K", "Find, also while you write"], ["Ctrl ⏎", "Send what you write"],
  ["Esc", "Leave the field, close, go back to the list"], ["?", "These keys"],
]

byId("keys-on")?.addEventListener("change", ({ target }) =>
  target.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1"),
)

export function openHelp() {
  const dialog = byId("keys")
  if (!dialog || dialog.open) return
  dialog.querySelector(".keys-groups").replaceChildren(...groups())
  byId("keys-on").checked = !areOff()
  dialog.showModal()
}

function groups() {
  const rows = hasRows() ? LISTS : []
  const places = reachable().map(({ key, words }) => [`g ${key}`, words])
  const named = [["On this page", ofThisPage(rows)], ["In the list", rows], ["Go to", places], ["Everywhere", EVERYWHERE]]
  return named.filter(([, pairs]) => pairs.length).flatMap(([title, pairs]) => [made("h3", title), list(pairs)])
}

// Each key once, with what it does first; those of lists stand in a group of their own.
function ofThisPage(rows) {
  const own = new Map()
  for (const { key, words } of keyed().map(described)) if (!own.has(key)) own.set(key, words)
  if (isElsewhere("a")) own.set("a", "Acknowledge the page of the row that you chose")
  for (const [key] of rows) own.delete(key)
  return [...own]
}

function list(pairs) {
  const rows = made("dl")
  rows.className = "keys"
  for (const [keys, words] of pairs) {
    const [row, name] = [made("div"), made("dt")]
    name.append(...keys.split(" ").map((key) => made("kbd", key)))
    row.append(name, made("dd", words))
    rows.append(row)
  }
  return rows
}

function made(name, text = "") {
  const element = document.createElement(name)
  element.textContent = text
  return element
}
