// Shows the demo's time in New York as it runs, and its pace, whoever changed them: by the page's one clock.

const place = document.querySelector("[data-demo-clock]")
const words = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", weekday: "short", day: "numeric", month: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
})

document.addEventListener("ceoc:tick", ({ detail }) => {
  const text = words.format(detail.at)
  if (place && place.textContent !== text) place.textContent = text
  for (const button of document.querySelectorAll(".demo-pace [name=rate]")) {
    const pressed = String(Number(button.value) === detail.rate)
    if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed)
  }
})
