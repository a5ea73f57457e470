// A press shows at once that it is on its way; what the server answers takes its place. What never left says so.

import { headers } from "./meta.js"
import { forgetDraft, holdDraft, releaseDraft } from "./drafts.js"
import { closeDialog } from "./parts.js"
import { say } from "./say.js"

// These answers are pages or nothing, never a part to be put in: a refusal with its sentence is a 409.
const NOT_SHOWN = [204, 304, 400, 401, 403, 404, "5xx"]
const LOST = "Not sent: the server did not answer. Nothing is lost, try again."
const SILENT = "The server does not answer. Your text is kept; look under ‘On its way’ before you try again."
const PATIENCE_MS = 20_000
const FAILED = "Not done: the server could not do it. Nothing is lost, try again."

const shownBeside = new WeakMap() // form -> the place where it was last said how it stands
const pressed = new WeakMap() // form -> the button

// The dialog that each request was sent from.
const dialogs = new WeakMap()

export function startForms() {
  htmx.config.noSwap = NOT_SHOWN
  htmx.config.defaultTimeout = PATIENCE_MS
  document.addEventListener("htmx:config:request", ({ detail }) => {
    const { request } = detail.ctx
    if (new URL(request.action, location.href).origin === location.origin) Object.assign(request.headers, headers())
  })
  document.addEventListener("htmx:before:request", ({ target, detail }) => {
    const dialog = target.closest?.("dialog, [popover]")
    if (dialog?.id) dialogs.set(detail.ctx, dialog.id)
    asked(target, detail.ctx.request.submitter)
  })
  document.addEventListener("htmx:after:request", ({ target, detail }) => answered(target, detail.ctx))
  document.addEventListener("htmx:error", ({ target, detail }) =>
    show(target, null, "failed", detail.error?.name === "AbortError" ? SILENT : LOST),
  )
  document.addEventListener("htmx:finally:request", ({ target }) => finished(target))
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
  if (!(form instanceof HTMLElement)) return
  const queued = submitter?.dataset.queued ?? target.dataset?.queued ?? form.dataset.queued
  if (state === "queued" && !queued) return
  form.dataset.state = state
  const region = form.querySelector("[data-form-state]") ?? (submitter ? submitter.parentElement.querySelector("[data-form-state]") : shownBeside.get(form))
  if (region) region.textContent = words ?? queued
  if (region) shownBeside.set(form, region)
  if (submitter) pressed.set(form, submitter)
  if (submitter) submitter.setAttribute("aria-busy", "true")
  say(words ?? queued)
}

function asked(target, submitter) {
  drafts(target).forEach(holdDraft)
  show(target, submitter, "queued")
}

// The fields of a form that sends them to somebody.
function drafts(form) {
  return form.matches?.("form[data-sends]") ? [...form.querySelectorAll("textarea[data-audience]")] : []
}

// Before its answer is put in: a text that was taken leaves its field and its dialog closes, all else stays as it is. A
// refusal is read where one pressed, in a dialog too.
function answered(target, ctx) {
  const { response: { status }, text } = ctx
  // A live update may have put another form in the place of the one that was sent.
  const dialog = target.closest?.("dialog, [popover]") ?? document.getElementById(dialogs.get(ctx) ?? "")
  const form = target.closest?.("form") ?? dialog?.querySelector("form[data-state]") ?? target
  if (dialog && status < 300) {
    for (const one of dialog.querySelectorAll("form")) one.reset()
    if (form.dataset?.state === "queued") clear(form)
    closeDialog(dialog)
  } else if (dialog && (status === 409 || status === 422)) show(form, null, "failed", plainText(text))
  if (status >= 400 && status !== 409 && status !== 422) show(form, null, "failed", FAILED)
  else if (status < 300) drafts(form).forEach(taken)
}

// Its text is sent: the focus goes to its tab, from where single keys work and the field is one press away.
function taken(field) {
  forgetDraft(field)
  const panel = field.closest("[role=tabpanel]")
  if (panel?.contains(document.activeElement)) document.querySelector(`[role=tab][aria-controls="${panel.id}"]`)?.focus()
}

function plainText(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("[role=alert], [role=status]")?.textContent.trim() || FAILED
}

function finished(target) {
  const form = target.closest?.("form") ?? target
  pressed.get(form)?.removeAttribute("aria-busy") // which may stand outside of its form
  drafts(form).forEach(releaseDraft)
  if (form.dataset?.state === "queued") clear(form)
}

function clear(form) {
  form.removeAttribute("data-state")
  for (const region of [form.querySelector("[data-form-state]"), shownBeside.get(form)]) if (region) region.textContent = ""
  shownBeside.delete(form)
}
