// The shared worker: one stream for all tabs of a browser (HTTP/1.1 allows six connections). It is never throttled, so it
// also ticks for tabs in the background. A tab says which channels it shows and that it is still there.

import { Connection } from "./connection.js"

const FORGET_MS = 90_000 // a tab that has not been heard of is gone
const TICK_MS = 5_000

const tabs = new Map() // port -> {channels, at}
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

function hear(port, { say, channels }) {
  if (say === "bye") return forget(port)
  if (say === "here") {
    if (tabs.has(port)) tabs.get(port).at = Date.now()
    else port.postMessage({ kind: "who" }) // it was forgotten while it slept: let it say what it shows
    return
  }
  tabs.set(port, { channels, at: Date.now() })
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

function tell(message) {
  for (const [port, tab] of tabs) {
    if (!message.on || tab.channels.includes(message.on)) port.postMessage(message)
  }
}
