// Morphs an element into new HTML by htmx, and leaves alone what belongs to the person: what they typed, opened, chose.

import { calm } from "../page/meta.js"
import { say } from "../page/say.js"

const THEIRS = new Set(["open", "style", "aria-expanded", "aria-selected", "data-shown", "data-looked"])
const TINT_MS = 2_000
const UNSETTLED_MS = 3_000

htmx.registerExtension("ceoc-keep", {
  htmx_before_morph_node: (node, { newNode }) =>
    !(isTyped(node) || isSameTime(node, newNode) || node.matches?.("[data-form-state], [data-here]")),
  htmx_before_morph_attr: (node, { attrName }) => !keepsAttribute(node, attrName),
})

// Replaces `target` by the element in `html`; what is in it and new is tinted and read out.
export function morph(target, html) {
  const before = new Set(news(target).map((element) => element.id))
  const { id, parentNode } = target
  htmx.swap({ sourceElement: target, target, text: html, swap: "outerMorph" })
  const now = id ? parentNode?.querySelector(`#${CSS.escape(id)}`) : target
  if (now) news(now).filter((element) => !before.has(element.id)).forEach(arrived)
}

// The element in `html`, ready to be put somewhere.
export function made(html) {
  const template = document.createElement("template")
  template.innerHTML = html
  return template.content.firstElementChild
}

// Tints what is new for two seconds, and says its sentence.
export function arrived(element) {
  announce(element)
  if (calm.matches) return
  element.classList.add("arrived")
  setTimeout(() => element.classList.remove("arrived"), TINT_MS)
}

// Its sentence, once: what is not known yet (`data-unsettled`) is waited for, but not for long.
function announce(element, until = performance.now() + UNSETTLED_MS) {
  const present = document.getElementById(element.id) ?? element
  if (!present.isConnected) return
  if (!present.hasAttribute("data-unsettled") || performance.now() >= until) return say(present.dataset.say)
  setTimeout(() => announce(element, until), UNSETTLED_MS / 15)
}

function news(root) {
  return [root, ...root.querySelectorAll("[data-new]")].filter((element) => element.id && element.hasAttribute("data-new"))
}

// A field whose value is not what the server gave, or that is being used.
export function isTyped(node) {
  if (node instanceof HTMLTextAreaElement) return node === document.activeElement || node.value !== node.defaultValue
  if (node instanceof HTMLSelectElement)
    return node === document.activeElement || [...node.options].some((option) => option.selected !== option.defaultSelected)
  if (!(node instanceof HTMLInputElement) || node.type === "hidden") return false
  return node === document.activeElement || node.value !== node.defaultValue || node.checked !== node.defaultChecked
}

// Its text was written by the page's clock and stands.
function isSameTime(node, other) {
  return node instanceof HTMLTimeElement && node.dataset.show === other.dataset?.show && node.dateTime === other.dateTime
}

function keepsAttribute(node, name) {
  if (THEIRS.has(name)) return true
  if (name === "class") return node.classList.contains("arrived")
  if (name === "hidden") return node.matches("[role=tabpanel], [data-waits]")
  if (name === "data-state") return node.matches("form")
  if (name === "aria-current") return node.matches("[data-row]")
  if (name === "tabindex") return node.matches("[role=tab]")
  return name === "data-tone" && node.matches("[data-due]")
}
