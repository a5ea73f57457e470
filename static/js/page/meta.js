// What the server says of a page in its head.

export function meta(name) {
  return document.querySelector(`meta[name="${name}"]`)?.content ?? ""
}

// Headers for a request that changes something, or that wants a part of a page.
export function headers() {
  return { "X-CSRFToken": meta("csrf-token"), "HX-Request": "true" }
}

export const me = meta("ceoc-me")
export const zone = meta("ceoc-zone") || undefined
export const calm = matchMedia("(prefers-reduced-motion: reduce)")

export function byId(id) {
  return document.getElementById(id)
}
