// Opens the palette: by Ctrl K, `/`, or the field in the bar. It opens at once, so that what one types stands in it; what
// finds is fetched when it is first opened.

import { byId } from "./meta.js"

const LOST = "The search could not be loaded. Close this and try again in a moment."

export function startPalette() {
  const bar = byId("find")
  bar?.addEventListener("click", () => openPalette(bar.value))
  for (const kind of ["input", "compositionend"]) bar?.addEventListener(kind, ({ isComposing }) => isComposing || carry(bar))
}

export function openPalette(words = "") {
  const [dialog, field] = ["palette", "palette-words"].map(byId)
  if (!dialog) return byId("find")?.focus()
  if (dialog.open) return
  field.value = words
  byId("palette-found").toggleAttribute("data-old", true)
  dialog.showModal()
  field.focus()
  field.select()
  find(dialog)
}

// What was typed into the bar's field goes on here.
function carry(bar) {
  if (!bar.value) return
  openPalette(bar.value)
  const field = byId("palette-words")
  field.setSelectionRange(field.value.length, field.value.length)
  bar.value = bar.defaultValue
}

async function find(dialog) {
  try {
    const { look } = await import("../later/finder.js")
    if (dialog.open) look()
  } catch {
    byId("palette-state").textContent = LOST
  }
}
