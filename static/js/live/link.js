// The page's end of the stream: through the shared worker of this viewer, or where there is none by a stream of its own.

import { Connection } from "./connection.js"
import { meta } from "../page/meta.js"
import { maySound } from "../page/ring.js"

// Calls hear(message) for all that concerns the page's channels.
export function link(channels, hear) {
  const tag = meta("ceoc-viewer")
  try {
    return shared(tag, channels, hear)
  } catch {
    return alone(channels, hear)
  }
}

function shared(tag, channels, hear) {
  const worker = new SharedWorker(new URL("./worker.js", import.meta.url), { type: "module", name: `ceoc ${tag}` })
  const port = worker.port
  let answered = false
  const tell = (say) => port.postMessage({ say, channels, inSight: document.visibilityState === "visible", sounds: maySound() })
  const listen = () => tell("listen")
  const here = () => tell("here")
  port.onmessage = ({ data }) => {
    answered = true
    if (data.kind === "who") return listen()
    if (data.kind === "tick") here()
    hear(data)
  }
  listen()
  worker.onerror = () => {
    if (!answered) alone(channels, hear)
    answered = true
  }
  addEventListener("pagehide", () => port.postMessage({ say: "bye" }))
  addEventListener("pageshow", (event) => event.persisted && listen())
  document.addEventListener("visibilitychange", here)
  addEventListener("click", here, { once: true }) // from now on it may sound
}

function alone(channels, hear) {
  const connection = new Connection((message) => (!message.on || channels.includes(message.on)) && hear(message))
  connection.listen(channels)
  setInterval(() => hear({ kind: "tick" }), 5_000)
}
