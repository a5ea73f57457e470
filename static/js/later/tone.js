// The tone of a ring, made here: two notes, three times. Fetched when it is first to be heard.

const NOTES = [880, 1_174.66] // Hz
const NOTE_S = 0.16
const TIMES = 3
const LOUD = 0.25
const WAIT_MS = 400

// Plays it; says whether the browser did.
export async function tone() {
  if (!("AudioContext" in globalThis)) return false
  const audio = new AudioContext()
  if (audio.state !== "running") await Promise.race([audio.resume().catch(() => null), new Promise((done) => setTimeout(done, WAIT_MS))])
  const plays = audio.state === "running"
  if (plays) await play(audio)
  audio.close()
  return plays
}

function play(audio) {
  const [voice, volume] = [audio.createOscillator(), audio.createGain()]
  voice.connect(volume).connect(audio.destination)
  const begin = audio.currentTime
  for (let time = 0; time < TIMES; time += 1)
    NOTES.forEach((note, place) => {
      const at = begin + (time * (NOTES.length + 2) + place) * NOTE_S
      voice.frequency.setValueAtTime(note, at)
      volume.gain.setValueAtTime(0, at)
      volume.gain.linearRampToValueAtTime(LOUD, at + 0.02)
      volume.gain.linearRampToValueAtTime(0, at + NOTE_S)
    })
  voice.start(begin)
  voice.stop(begin + TIMES * (NOTES.length + 2) * NOTE_S)
  return new Promise((done) => (voice.onended = done))
}
