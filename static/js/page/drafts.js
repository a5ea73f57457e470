// What one types is kept on the server while typing, per audience; in this tab as long as the server has not said so. Words for
// customers never stay in the browser: what is somebody else's, or of nobody who is signed in, is removed.

import { headers, me } from "./meta.js"
import { now } from "./times.js"

const IDLE_MS = 700
const AGAIN_MS = 5_000
const ANSWER_MS = 8_000 // a server that says nothing for so long does not answer
const OURS = "ceoc-draft "
const WORDS = {
  typing: "",
  kept: (time) => `Draft kept ${time}`,
  here: "Draft kept here. The server does not answer; it is tried again.",
}
const pending = new Map() // textarea -> timer
const flying = new Map() // textarea -> the request that keeps it
const held = new WeakSet() // being sent: not kept meanwhile
const restored = new WeakSet()

export function startDrafts() {
  removeOthers()
  document.addEventListener("input", ({ target }) => isDraft(target) && changed(target))
  document.addEventListener("focusout", ({ target }) => pending.has(target) && keep(target))
  addEventListener("pagehide", () => pending.forEach((_, field) => keep(field)))
  addEventListener("online", () => pending.forEach((_, field) => keep(field)))
  document.addEventListener("htmx:after:process", restoreAll)
  restoreAll()
}

// The text is being sent: it is not kept again until that is decided.
export function holdDraft(field) {
  held.add(field)
}

// It was not sent, and is a draft as before.
export function releaseDraft(field) {
  if (held.delete(field) && pending.has(field)) later(field, 0)
}

// It was sent: nothing of it is kept, not even by a request that was on its way.
export function forgetDraft(field) {
  held.delete(field)
  clearTimeout(pending.get(field))
  pending.delete(field)
  sessionStorage.removeItem(key(field))
  field.value = field.defaultValue = ""
  say(field, "")
  flying.get(field)?.then(() => field.value === "" && post(field, ""))
}

function isDraft(element) {
  return element instanceof HTMLTextAreaElement && element.dataset.audience && element.closest("[data-draft-url]")
}

function changed(field) {
  sessionStorage.setItem(key(field), JSON.stringify({ text: field.value }))
  say(field, WORDS.typing)
  later(field, IDLE_MS)
}

function later(field, ms) {
  clearTimeout(pending.get(field))
  pending.set(field, setTimeout(() => keep(field), ms))
}

function post(field, text) {
  const body = new URLSearchParams({ audience: field.dataset.audience, text })
  const request = { method: "POST", headers: headers(), body, keepalive: true, redirect: "manual" }
  return fetch(url(field), { ...request, signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => null)
}

async function keep(field) {
  clearTimeout(pending.get(field))
  if (held.has(field)) return
  const text = field.value
  const request = post(field, text)
  flying.set(field, request)
  const answer = await request
  if (flying.get(field) === request) flying.delete(field)
  if (!pending.has(field)) return
  if (answer?.ok) kept(field, text)
  else {
    say(field, WORDS.here)
    later(field, AGAIN_MS)
  }
}

function kept(field, text) {
  if (field.value !== text) return // more was typed, and is kept by a request of its own
  pending.delete(field)
  sessionStorage.removeItem(key(field))
  say(field, WORDS.kept(new Date(now()).toLocaleTimeString("en-GB", clockWords())))
}

function clockWords() {
  return { hour: "2-digit", minute: "2-digit", timeZone: document.querySelector("meta[name=ceoc-zone]")?.content || undefined }
}

// Text that this browser has and the server never got is put back, once a field.
function restoreAll() {
  for (const field of document.querySelectorAll("[data-draft-url] textarea[data-audience]")) {
    if (restored.has(field)) continue
    restored.add(field)
    const kept = JSON.parse(sessionStorage.getItem(key(field)) ?? "null")
    if (!kept || kept.text === field.value) {
      sessionStorage.removeItem(key(field))
    } else if (field.value === field.defaultValue) {
      field.value = kept.text
      say(field, WORDS.here)
      later(field, 0)
    }
  }
}

function removeOthers() {
  for (const key of Object.keys(sessionStorage))
    if (key.startsWith(OURS) && !(me && key.startsWith(`${OURS}${me} `))) sessionStorage.removeItem(key)
}

function url(field) {
  return field.closest("[data-draft-url]").dataset.draftUrl
}

function key(field) {
  return `${OURS}${me} ${url(field)} ${field.dataset.audience}`
}

function say(field, words) {
  const region = field.closest("[data-draft-url]").querySelector("[data-draft-state]")
  if (region && region.textContent !== words) region.textContent = words
}
