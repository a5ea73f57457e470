// One event stream, kept up: reconnects with jitter, notices silence, and reads the fragments over plain HTTP while the
// stream is lost. Runs in the shared worker, or in the page where there is none; touches no document.

import { Events } from "./events.js"

const POLL_MS = 10_000
const LOST_MS = 2_000 // and up to as much again, so that not all pages ask at once
const SILENT_MS = 12_000 // the server beats every 5 seconds
const ANSWER_MS = 8_000 // a server that is asked over plain HTTP and says nothing for so long does not answer
const LONGEST_WAIT_MS = 20_000
const KINDS = { beat: "beat", state: "stale", message: "parts" }

export class Connection {
  #tell
  #channels = []
  #stream = null // the one that is heard
  #coming = null // the one that is being opened
  #heardAt = 0
  #openedAt = 0 // when the one that is coming was asked for
  #failures = 0
  #missed = false // something may have been said while nobody listened
  #state = "connecting"
  #met = false // the server was heard of before: what is lost was there
  #timers = new Map()

  // tell(message) gets {kind: status | hello | beat | parts | stale | out, …}
  constructor(tell) {
    this.#tell = tell
    setInterval(() => this.#watch(), 1_000)
    globalThis.addEventListener?.("online", () => this.#soon(0))
  }

  // Listens to these channels from now on; everything they show is sent again.
  listen(channels) {
    this.#channels = [...new Set(channels)].sort()
    if (this.#channels.length) this.#soon(20)
    else this.#close()
  }

  get state() {
    return this.#state
  }

  #soon(ms) {
    this.#after("open", ms, () => this.#open())
  }

  #open() {
    if (!this.#channels.length) return
    this.#coming?.close()
    this.#openedAt = Date.now()
    const stream = (this.#coming = new Events(
      `/live/?${query(this.#channels)}`,
      (name, data) => this.#said(stream, name, data),
      (seconds) => this.#lost(stream, seconds),
    ))
    if (this.#state !== "live") this.#pollSoon()
  }

  #said(stream, name, data) {
    if (name === "hello") this.#opened(stream, data)
    else if (name === "again") this.#lost(stream)
    else if (KINDS[name]) this.#heard(stream, { kind: KINDS[name], ...data })
  }

  #opened(stream, hello) {
    if (stream !== this.#coming) return stream.close()
    this.#stream?.close()
    this.#stream = stream
    this.#coming = null
    this.#failures = 0
    this.#stop("poll")
    this.#say("live")
    this.#heard(stream, { kind: "hello", missed: this.#missed, ...hello })
    this.#missed = false
  }

  #heard(stream, message) {
    if (stream !== this.#stream) return
    this.#heardAt = Date.now()
    this.#tell({ ...message, at: this.#heardAt })
  }

  // The stream ended, or never began; a server that has too much to do says after how many seconds to ask again. Jitter
  // spreads the pages of all people over the time after a restart.
  #lost(stream, seconds = 0) {
    stream.close()
    if (stream === this.#coming) this.#coming = null
    else if (stream === this.#stream) this.#stream = null
    else return
    if (this.#stream) return
    this.#missed = true
    this.#say(this.#state === "polling" ? "polling" : this.#lostState)
    const wait = Math.min(1_000 * 2 ** this.#failures++, LONGEST_WAIT_MS)
    this.#soon(Math.max(wait * (0.2 + 0.8 * Math.random()), seconds * 1_000 * (1 + Math.random())))
    this.#pollSoon()
  }

  #pollSoon() {
    if (!this.#timers.has("poll")) this.#after("poll", LOST_MS * (1 + Math.random()), () => this.#poll())
  }

  #watch() {
    if (this.#stream && Date.now() - this.#heardAt > SILENT_MS) this.#lost(this.#stream)
    else if (this.#coming && Date.now() - this.#openedAt > SILENT_MS) this.#lost(this.#coming)
  }

  async #poll() {
    this.#after("poll", POLL_MS, () => this.#poll())
    try {
      const answer = await fetch(`/fragments/?${query(this.#channels)}`, {
        redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS),
      })
      if (this.#state === "live") return
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
        this.#tell({ kind: "out" })
        throw new Error("nobody is signed in")
      }
      if (!answer.ok) throw new Error(`answered ${answer.status}`)
      const { messages, ...hello } = await answer.json()
      if (this.#state === "live") return
      this.#say("polling")
      this.#tell({ kind: "hello", missed: true, at: Date.now(), ...hello })
      for (const message of messages) this.#tell({ kind: "parts", ...message })
    } catch {
      if (this.#state !== "live") this.#say(this.#lostState)
    }
  }

  #close() {
    for (const name of [...this.#timers.keys()]) this.#stop(name)
    this.#stream?.close()
    this.#coming?.close()
    this.#stream = this.#coming = null
    this.#state = "connecting"
    this.#met = false
  }

  get #lostState() {
    return this.#met ? "reconnecting" : "connecting"
  }

  #say(state) {
    if (state === "live" || state === "polling") this.#met = true
    if (state === this.#state) return
    this.#state = state
    this.#tell({ kind: "status", state })
  }

  #after(name, ms, act) {
    this.#stop(name)
    const run = () => {
      this.#timers.delete(name)
      act()
    }
    this.#timers.set(name, setTimeout(run, ms))
  }

  #stop(name) {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
  }
}

function query(channels) {
  return channels.map((channel) => `on=${encodeURIComponent(channel)}`).join("&")
}
