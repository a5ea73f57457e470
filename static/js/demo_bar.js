// Shows the demo's time in New York as it runs: the server said what time it was and how fast it goes.

const said = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
const start = Date.parse(said("ceoc-now") ?? "");
const rate = Number(said("ceoc-rate") ?? 1);
const loaded = performance.now();
const place = document.querySelector("[data-demo-clock]");
const words = new Intl.DateTimeFormat("en-GB", {
  timeZone: "America/New_York", weekday: "short", day: "numeric", month: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

function show() {
  place.textContent = words.format(start + (performance.now() - loaded) * rate);
}

if (place && !Number.isNaN(start)) {
  show();
  setInterval(show, 1000);
}
