// Finds emergencies, people, pages and what can be done here, while the palette is open. What leads somewhere is chosen by
// itself as one types; an act is done only when somebody has chosen it. Fetched when the palette is first opened.

import { press } from "../page/acts.js"
import { byId, headers } from "../page/meta.js"
import { forget, offer, offered, stands } from "./offers.js"
import { Options } from "./options.js"

const IDLE_MS = 120 // nothing is asked while one still types
const SLOW_MS = 600 // an answer that takes so long is spoken of
const ANSWER_MS = 8_000
const FIRST_MS = 400 // so long the first list waits for what the server knows
const WORDS = {
  asking: "Looking…",
  nothing: "Nothing found. Try how a customer’s name begins, a ticket’s number, or a word that was said.",
  lost: "The search does not answer. What stands here works; try again in a moment.",
  gone: "That is not there any more. Choose again.",
}

const dialog = byId("palette")
const [field, list, found] = ["palette-words", "palette-list", "palette-found"].map(byId)
const options = new Options(field, list)
let asked = null // the request whose answer counts
let timer = null
let wanted = false // Enter was pressed before the answer came

field.addEventListener("input", ({ isComposing }) => isComposing || look())
field.addEventListener("compositionend", look)
field.addEventListener("keydown", pressed)
list.addEventListener("click", ({ target }) => open(target.closest("[role=option]")))
dialog.addEventListener("close", closed)

// Nothing that was found stays in the page. A field that gets the focus back while it is still inert takes no text in
// Chromium: it is given it anew.
function closed() {
  leave()
  found.replaceChildren()
  forget()
  const { activeElement } = document
  if (!activeElement?.matches("input, textarea")) return
  activeElement.blur()
  activeElement.focus({ preventScroll: true })
}

function leave() {
  clearTimeout(timer)
  asked?.abort()
  asked = null
}

// Shows what this page has for the words at once, and asks the server for the rest.
export function look() {
  const words = field.value.trim()
  leave()
  wanted = false
  found.toggleAttribute("data-old", true)
  for (const option of found.querySelectorAll("[role=option]")) option.setAttribute("aria-disabled", "true")
  showOwn(words)
  timer = setTimeout(() => ask(words), words ? IDLE_MS : 0)
}

async function ask(words) {
  const mine = (asked = new AbortController())
  const timers = [
    setTimeout(() => (list.hidden = false), FIRST_MS),
    setTimeout(() => mine === asked && say(WORDS.asking), SLOW_MS),
    setTimeout(() => mine.abort(), ANSWER_MS),
  ]
  const html = await answer(words, mine.signal)
  timers.forEach(clearTimeout)
  if (mine !== asked) return // more was typed meanwhile, or it was closed
  found.innerHTML = html ?? ""
  found.toggleAttribute("data-old", false)
  if (!words) leaveOutThisPage()
  list.hidden = false
  chooseFirst(words)
  const number = options.count()
  say(html === null ? WORDS.lost : number ? `${number} ${words ? "found" : "to choose from"}` : WORDS.nothing)
  if (wanted) enter()
}

// Of the last emergencies, the one that one is at leads nowhere.
function leaveOutThisPage() {
  found.querySelector(`[data-href="${location.pathname}"]`)?.remove()
  for (const group of found.querySelectorAll("[role=group]:not(:has([role=option]))")) group.remove()
}

async function answer(words, signal) {
  try {
    const address = `${dialog.dataset.url}?q=${encodeURIComponent(words)}`
    const reply = await fetch(address, { headers: headers(), redirect: "manual", cache: "no-store", signal })
    return reply.ok ? await reply.text() : null
  } catch {
    return null
  }
}

function showOwn(words) {
  offer(words)
  list[words ? "append" : "prepend"](found)
  list.hidden = !words
  options.choose(null)
  chooseFirst(words)
  options.count()
  say("")
}

function chooseFirst(words) {
  if (words && !options.chosen) options.choose(options.all.find((option) => !offered(option)?.atOnce))
}

function pressed(event) {
  const { key, isComposing, altKey, ctrlKey, metaKey } = event
  if (isComposing || altKey || ctrlKey || metaKey) return
  if (key === "ArrowDown" || key === "ArrowUp") options.move(key === "ArrowDown" ? 1 : -1)
  else if (key === "Enter") enter()
  else return
  event.preventDefault()
}

// Opens what is chosen; without that it waits for the answer, or chooses the first act, which another Enter does.
function enter() {
  if (options.chosen) open(options.chosen)
  else if (found.hasAttribute("data-old")) wanted = true
  else if (field.value.trim()) options.move(1)
}

function open(option) {
  if (!option || option.hasAttribute("aria-disabled")) return
  const entry = offered(option)
  if (!entry) return location.assign(option.dataset.href)
  if (!stands(entry)) {
    look()
    return say(WORDS.gone)
  }
  dialog.close()
  press(entry.element)
}

function say(words) {
  byId("palette-state").textContent = words
}
