// The rows of a page's lists: which one is the present one, and moving from one to the next.

export const OPENS = "[data-open]"

export function startRows() {
  document.addEventListener("focusin", ({ target }) => mark(target.closest?.("[data-row]")))
}

export function currentRow() {
  return document.querySelector("[data-row][aria-current]")
}

export function hasRows() {
  return document.querySelector("[data-row]") !== null
}

// To the next row (1) or the one before (-1); from nowhere to the first or the last.
export function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility())
  if (!rows.length) return
  const at = rows.indexOf(currentRow())
  goTo(rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)])
}

export function goTo(row) {
  ;(row.querySelector(OPENS) ?? row).focus()
  row.scrollIntoView({ block: "nearest" })
  mark(row)
}

export function openRow() {
  currentRow()?.querySelector(OPENS)?.click()
}

function mark(row) {
  if (!row) return
  for (const other of document.querySelectorAll("[data-row][aria-current]")) if (other !== row) other.removeAttribute("aria-current")
  row.setAttribute("aria-current", "true")
}
