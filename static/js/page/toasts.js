// What a press brought about stands for a while and then leaves, and gives way to the next about the same act. A refusal
// leaves at the next press; so does what offers to take back something that was taken back or sent meanwhile.

const STAY_MS = 12_000
const MOST = 3

let about = "" // what the press is about whose answer comes next
let pressedIn = null // the toast that the press was in

export function startToasts() {
  const toasts = document.getElementById("toasts")
  if (!toasts) return
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof HTMLElement) appeared(toasts, node)
  }).observe(toasts, { childList: true })
  document.addEventListener("htmx:before:request", ({ target, detail }) => pressed(toasts, target, detail.ctx.request.submitter))
  document.addEventListener("ceoc:tick", () => over(toasts))
}

function pressed(toasts, target, submitter) {
  const item = (submitter ?? target)?.closest?.("[id^=command-]")
  about = item?.closest("#e-commands") ? "held" : ""
  pressedIn = submitter?.closest?.("#toasts > *") ?? null
  for (const refusal of toasts.querySelectorAll(":scope > [role=alert]")) refusal.remove()
}

function appeared(toasts, toast) {
  const others = [...toasts.children].filter((other) => other !== toast)
  const told = toast.dataset.about || about
  for (const other of others)
    if (other === pressedIn || words(other) === words(toast) || (told && other.dataset.about === told)) other.remove()
  about = ""
  pressedIn = null
  toast.append(closer(toast))
  leaveLater(toast)
  for (const old of [...toasts.children].slice(0, -MOST)) old.remove()
}

function words(toast) {
  return toast.querySelector("span")?.textContent.trim()
}

function closer(toast) {
  const close = document.createElement("button")
  close.type = "button"
  close.className = "button close"
  close.dataset.kind = "quiet"
  close.setAttribute("aria-label", "Close")
  close.textContent = "×"
  close.addEventListener("click", () => toast.remove())
  return close
}

function leaveLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), STAY_MS)
}

// What was held is on its way, or was taken back: there is nothing to take back any more.
function over(toasts) {
  const held = document.querySelector("#e-commands [formaction$='/take-back/']")
  for (const toast of toasts.querySelectorAll(":scope > [data-about=held]")) {
    if (held) toast.dataset.seen = ""
    else if ("seen" in toast.dataset) toast.remove()
  }
}
