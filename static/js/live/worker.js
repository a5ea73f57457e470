// The shared worker: one stream for all tabs of a browser (HTTP/1.1 allows six connections). It is never throttled, so it
// also ticks for tabs in the background. A tab says which channels it shows and that it is still there.

import { Connection } from "./connection.js"

const FORGET_MS = 90_000 // a tab that has not been heard of is gone
const TICK_MS = 5_000
const AWAKE_MS = 12_000 // a tab that answered no tick for so long cannot ring

const tabs = new Map() // port -> {channels, at, inSight, sounds}
let listening = ""
const connection = new Connection(tell)

globalThis.addEventListener("connect", (event) => {
  const port = event.ports[0]
  port.onmessage = ({ data }) => hear(port, data)
})

setInterval(() => {
  for (const [port, tab] of tabs) {
    if (Date.now() - tab.at > FORGET_MS) forget(port)
    else port.postMessage({ kind: "tick" })
  }
}, TICK_MS)

function hear(port, { say, channels, inSight, sounds }) {
  if (say === "bye") return forget(port)
  if (say === "here") {
    if (tabs.has(port)) Object.assign(tabs.get(port), { at: Date.now(), inSight, sounds })
    else port.postMessage({ kind: "who" }) // it was forgotten while it slept: let it say what it shows
    return
  }
  tabs.set(port, { channels, at: Date.now(), inSight, sounds })
  port.postMessage({ kind: "status", state: connection.state })
  relisten()
}

function forget(port) {
  tabs.delete(port)
  if (!tabs.size) relisten()
}

// A tab that comes makes the stream anew, so that it gets the present state; one that goes does not, unless it is the last.
function relisten() {
  const wanted = [...new Set([...tabs.values()].flatMap((tab) => tab.channels))].sort()
  if (!wanted.length && !listening) return
  listening = wanted.join(" ")
  connection.listen(wanted)
}

// What rings is heard aloud in one tab of the browser.
function tell(message) {
  const loudest = rings(message) ? pick(message.on) : null
  const inSight = [...tabs.values()].some((tab) => tab.inSight)
  for (const [port, tab] of tabs) {
    if (message.on && !tab.channels.includes(message.on)) continue
    port.postMessage(loudest ? { ...message, heard: { loud: port === loudest, inSight } } : message)
  }
}

function rings({ kind, parts }) {
  return kind === "parts" && parts.some(([verb, name]) => verb === "event" && name === "ring")
}

// One that may sound, else one in sight, else the one that was heard of last.
function pick(channel) {
  const worth = ({ at, inSight, sounds }) => (Date.now() - at < AWAKE_MS ? 4 : 0) + (sounds ? 2 : 0) + (inSight ? 1 : 0)
  const able = [...tabs].filter(([, tab]) => tab.channels.includes(channel))
  return able.sort(([, one], [, other]) => worth(other) - worth(one) || other.at - one.at)[0]?.[0]
}
