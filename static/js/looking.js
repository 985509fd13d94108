// Who else has this lead open. The page tells the live process that it looks, while anybody can see it, and hears
// from it and from the stream that the others changed; their names come from the web process, which asks who may know.
const line = document.querySelector("[data-looking]");
const BEAT_MILLISECONDS = 20 * 1000;
let place = null;
let lookedAt = 0;

async function read() {
  const answer = await fetch(line.dataset.lookersUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`lookers: ${answer.status}`);
  place = await answer.json();
  line.textContent = place.words;
  line.title = place.words;
}

async function beat() {
  const answer = await fetch(place.url, { method: "POST" });
  if (answer.status === 401) await read(); // the token's time was over; here is the next one
  if (!answer.ok) return;
  const { others } = await answer.json();
  if (others.join() !== place.others.join()) await read();
}

// Not knowing who looks is no reason to complain: the next beat tries again.
async function look() {
  if (document.hidden || Date.now() - lookedAt < BEAT_MILLISECONDS) return;
  lookedAt = Date.now();
  try {
    if (!place) await read();
    await beat();
  } catch {
    place = null;
  }
}

function leave() {
  if (place) fetch(`${place.url}&left`, { method: "POST", keepalive: true }).catch(() => {});
  lookedAt = 0;
}

export function startLooking() {
  if (!line) return;
  look();
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  document.body.addEventListener("leadhub:looking", ({ detail }) => {
    if (detail.lead === line.dataset.looking) read().catch(() => {});
  });
}
