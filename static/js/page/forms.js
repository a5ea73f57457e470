// A press shows at once that it is on its way; what the server answers takes its place. What never left says so.

import { headers } from "./meta.js"
import { forgetDraft } from "./drafts.js"
import { say } from "./say.js"

const LOST = "Not sent: the server did not answer. Nothing is lost, try again."
const FAILED = "Not done: the server could not do it. Nothing is lost, try again."

export function startForms() {
  document.addEventListener("htmx:config:request", ({ detail }) => {
    const { request } = detail.ctx
    if (new URL(request.action, location.href).origin === location.origin) Object.assign(request.headers, headers())
  })
  document.addEventListener("htmx:before:request", ({ target, detail }) => show(target, detail.ctx.submitter, "queued"))
  document.addEventListener("htmx:response:error", ({ target }) => show(target, null, "failed", FAILED))
  document.addEventListener("htmx:error", ({ target }) => show(target, null, "failed", LOST))
  document.addEventListener("htmx:finally:request", ({ target, detail }) => finished(target, detail.ctx))
  document.addEventListener("submit", plain)
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) for (const form of document.querySelectorAll("[data-state=queued]")) clear(form)
  })
}

// A form that loads the next page: shown as on its way, and never sent twice.
function plain(event) {
  const form = event.target
  if (event.defaultPrevented || form.method !== "post") return
  if (form.dataset.state === "queued") return event.preventDefault()
  show(form, event.submitter, "queued")
}

function show(target, submitter, state, words) {
  const form = target.closest?.("form") ?? submitter?.form ?? target
  if (!(form instanceof HTMLElement) || (state === "failed" && form.dataset.state !== "queued")) return
  const asked = submitter?.dataset.queued ?? target.dataset?.queued ?? form.dataset.queued
  if (state === "queued" && !asked) return
  form.dataset.state = state
  const region = form.querySelector("[data-form-state]") ?? submitter?.parentElement?.querySelector("[data-form-state]")
  if (region) region.textContent = words ?? asked
  if (submitter) submitter.setAttribute("aria-busy", "true")
  say(words ?? asked)
}

function finished(target, ctx) {
  const form = target.closest?.("form") ?? target
  for (const busy of form.querySelectorAll?.("[aria-busy]") ?? []) busy.removeAttribute("aria-busy")
  if (form.dataset?.state === "queued") clear(form)
  const status = ctx.response?.status ?? 0
  if (status >= 200 && status < 300 && form.dataset?.sends !== undefined)
    for (const field of form.querySelectorAll("textarea[data-audience]")) forgetDraft(field)
}

function clear(form) {
  form.removeAttribute("data-state")
  const region = form.querySelector("[data-form-state]")
  if (region) region.textContent = ""
}
