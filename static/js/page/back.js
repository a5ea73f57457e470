// Back to the list that one came from, and to the row that one opened there.

import { byId, meta } from "./meta.js"
import { goTo, OPENS } from "./rows.js"

const KEY = "ceoc-list"
const here = location.pathname + location.search

export function startBack() {
  document.addEventListener("click", ({ target }) => {
    const link = target.closest?.(`[data-row] ${OPENS}`)
    if (link) keep({ list: here, row: link.closest("[data-row]").id, opened: link.pathname })
  })
  const left = kept()
  const [navigation] = performance.getEntriesByType("navigation")
  if (left?.list !== here || !(left.returns || navigation?.type === "back_forward")) return
  keep({ ...left, returns: false })
  const row = byId(left.row)
  if (row && document.activeElement === document.body) goTo(row)
}

// To the list; from a list that is narrowed to the whole one; from a page that belongs to a place to that.
export function goBack() {
  const left = kept()
  const place = document.querySelector(".places a[aria-current]")
  if (left?.opened === location.pathname) {
    keep({ ...left, returns: true })
    location.assign(left.list)
  } else if (place && place.pathname + place.search !== here) location.assign(place.href)
}

// Of this person alone: the words of a search stand in an address.
function kept() {
  const left = JSON.parse(sessionStorage.getItem(KEY) ?? "null")
  if (!left || left.viewer === meta("ceoc-viewer")) return left
  sessionStorage.removeItem(KEY)
  return null
}

function keep(left) {
  sessionStorage.setItem(KEY, JSON.stringify({ ...left, viewer: meta("ceoc-viewer") }))
}
