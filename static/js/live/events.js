// Server-sent events over fetch. The browser's own EventSource does not say why a stream was refused; this one says when the
// server wants to be asked again. It never connects by itself.

export class Events {
  #hear
  #gone = new AbortController()
  #rest = ""

  // hear(name, data) gets each message; lost(seconds) once, when the stream ended or never began: not before so many seconds.
  constructor(url, hear, lost) {
    this.#hear = hear
    this.#read(url).then((seconds) => this.#gone.signal.aborted || lost(seconds))
  }

  close() {
    this.#gone.abort()
  }

  async #read(url) {
    try {
      const answer = await fetch(url, {
        headers: { Accept: "text/event-stream" }, redirect: "manual", cache: "no-store", signal: this.#gone.signal,
      })
      if (!answer.ok) return Number(answer.headers.get("Retry-After")) || 0
      const words = answer.body.pipeThrough(new TextDecoderStream()).getReader()
      for (let { value, done } = await words.read(); !done; { value, done } = await words.read()) this.#take(value)
    } catch {
      return 0 // nobody answered, or the line was cut
    }
    return 0
  }

  #take(words) {
    const messages = (this.#rest + words).split("\n\n")
    this.#rest = messages.pop() // not whole yet
    for (const message of messages) {
      if (this.#gone.signal.aborted) return
      const lines = message.split("\n")
      const field = (name) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      const data = field("data")
      if (data !== undefined) this.#say(field("event") ?? "message", data)
    }
  }

  // What fails in whoever hears it is reported, and the stream goes on.
  #say(name, data) {
    try {
      this.#hear(name, JSON.parse(data))
    } catch (error) {
      reportError(error)
    }
  }
}
