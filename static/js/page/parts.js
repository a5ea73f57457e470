// Small behaviours of components: menus close, tabs switch, buttons open dialogs.

const MENUS = "details.menu[open], details[data-menu][open]"

export function startParts() {
  document.addEventListener("click", pressed)
  document.addEventListener("keydown", keyed)
  document.addEventListener("toggle", ({ target, newState }) => newState === "open" && target.matches("[popover].dialog") && goInto(target), true)
}

function pressed(event) {
  const { target } = event
  for (const menu of document.querySelectorAll(MENUS)) if (!menu.contains(target)) menu.open = false
  const tab = target.closest?.("[role=tab]")
  if (tab) choose(tab)
  const field = fieldOf(target.closest?.("a[href^='#']"))
  if (field) {
    event.preventDefault()
    showField(field)
  }
  const opener = target.closest?.("[data-opens]")
  if (opener) document.getElementById(opener.dataset.opens)?.showModal?.()
  if (target.closest?.("[data-closes]")) target.closest("dialog")?.close()
}

// The field behind a tab that a link leads to.
function fieldOf(link) {
  const field = link && document.getElementById(link.hash.slice(1))
  return field?.closest("[role=tabpanel]") ? field : null
}

function showField(field) {
  choose(document.querySelector(`[role=tab][aria-controls="${field.closest("[role=tabpanel]").id}"]`))
  field.focus()
}

// A dialog that was opened has the focus, in its first field.
function goInto(dialog) {
  if (!dialog.contains(document.activeElement)) dialog.querySelector("input:not([type=hidden]), select, textarea, button")?.focus()
}

// Closes a dialog, and gives the focus to what opened it, or to what stands in its place now.
export function closeDialog(dialog) {
  if (dialog.matches("dialog")) dialog.close()
  else if (dialog.matches(":popover-open")) dialog.hidePopover()
  if (document.activeElement !== document.body && !dialog.contains(document.activeElement)) return
  const openers = [...document.querySelectorAll(`[popovertarget="${dialog.id}"], [data-opens="${dialog.id}"]`)]
  const opener = openers.find((one) => !dialog.contains(one) && one.checkVisibility())
  ;(opener ?? document.querySelector("main"))?.focus({ preventScroll: true })
}

function keyed(event) {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll(MENUS)) {
      menu.open = false
      event.preventDefault() // the key has done what it is for
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus()
    }
  }
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (step && event.target.matches?.("[role=tab]")) {
    const tabs = [...event.target.closest("[role=tablist]").querySelectorAll("[role=tab]")]
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length]
    choose(next)
    next.focus()
  }
}

// Shows a tab's panel. Each panel has a field of its own: no text goes from one audience to another.
function choose(tab) {
  for (const other of tab.closest("[role=tablist]").querySelectorAll("[role=tab]")) {
    const panel = document.getElementById(other.getAttribute("aria-controls"))
    other.setAttribute("aria-selected", String(other === tab))
    other.tabIndex = other === tab ? 0 : -1
    if (panel) panel.hidden = other !== tab
  }
  if (tab.hasAttribute("data-key") || tab.dataset.focuses !== undefined)
    document.getElementById(tab.getAttribute("aria-controls"))?.querySelector("textarea")?.focus()
}
