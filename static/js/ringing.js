// /ringing/: tries sound and notification by a press, says what the browser did, and keeps the choice in this browser.

import { choice, choose, notification } from "./page/ring.js"
import { tone } from "./later/tone.js"

const WORDS = {
  played: "It was played. Did you hear it? If not, look at the volume and at what this tab or browser mutes.",
  silent: "This browser played nothing: it forbids sound here. Allow sound for this site in its settings, then try again.",
  soundOn: "Chosen. Try it: did you hear it?",
  soundOff: "Off: nothing is heard.",
  granted: "Allowed. Chosen ones are shown when no tab of ours is in sight.",
  denied: "Forbidden for this site in this browser. Allow notifications in its settings, then try again.",
  default: "This browser has not been asked yet.",
  shown: "It was shown. If you saw none, look at what your computer mutes (do not disturb, focus).",
  none: "This browser cannot show notifications here.",
}
const [soundBox, notificationBox] = ["ring-by-sound", "ring-by-notification"].map((id) => document.getElementById(id))

function says(id, words) {
  document.getElementById(id).textContent = words
}

function permission() {
  return globalThis.Notification?.permission ?? "none"
}

async function trySound() {
  const played = await tone()
  says("sound-says", played ? WORDS.played : WORDS.silent)
  if (played) choose({ sound: true })
  soundBox.checked = Boolean(choice().sound)
  document.dispatchEvent(new CustomEvent("ceoc:tried", { detail: { sound: played } }))
}

async function tryNotification() {
  if (permission() === "default") await Notification.requestPermission()
  const shown = notification("This is how a page rings")
  says("notification-says", shown ? WORDS.shown : WORDS[permission()])
  if (shown) choose({ notify: true })
  notificationBox.checked = Boolean(choice().notify) && permission() === "granted"
}

document.getElementById("try-sound").addEventListener("click", trySound)
document.getElementById("try-notification").addEventListener("click", tryNotification)
soundBox.addEventListener("change", () => {
  choose({ sound: soundBox.checked })
  says("sound-says", soundBox.checked ? WORDS.soundOn : WORDS.soundOff)
})
notificationBox.addEventListener("change", async () => {
  if (notificationBox.checked && permission() === "default") await Notification.requestPermission()
  notificationBox.checked &&= permission() === "granted"
  choose({ notify: notificationBox.checked })
  says("notification-says", WORDS[permission()])
})
soundBox.checked = Boolean(choice().sound)
notificationBox.checked = Boolean(choice().notify) && permission() === "granted"
says("sound-says", soundBox.checked ? WORDS.soundOn : WORDS.soundOff)
says("notification-says", WORDS[permission()])
