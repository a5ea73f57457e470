// What a press brought about stands for a while and then leaves; a refusal, and what is being read, stays.

const STAY_MS = 12_000

export function startToasts() {
  const toasts = document.getElementById("toasts")
  if (!toasts) return
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof HTMLElement) appeared(node)
  }).observe(toasts, { childList: true })
}

function appeared(toast) {
  const close = document.createElement("button")
  close.type = "button"
  close.className = "button close"
  close.dataset.kind = "quiet"
  close.textContent = "Close"
  close.addEventListener("click", () => toast.remove())
  toast.append(close)
  if (toast.getAttribute("role") !== "alert") leaveLater(toast)
}

function leaveLater(toast) {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? leaveLater(toast) : toast.remove()), STAY_MS)
}
