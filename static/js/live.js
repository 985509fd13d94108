// Live alerts. One tab of a member holds the stream (a browser allows few connections to a host) and tells the others.
// The stream rings with ids only; the page fetches the fragment, which passes the same permission check as any page.
const SEEN_MILLISECONDS = 10 * 60 * 1000;
const LONGEST_WAIT_MILLISECONDS = 60 * 1000;
const SEEN_KEY = "leadhub.alerts";
let lastEventId = "";
let failures = 0;
let heldState = "";

const channel = "BroadcastChannel" in window ? new BroadcastChannel("leadhub-live") : null;

// Kept from page to page of the tab: the stream replays its last minute, and nobody wants a toast on every page.
function isNew(id) {
  const now = Date.now();
  const known = Object.entries(JSON.parse(sessionStorage.getItem(SEEN_KEY) ?? "{}"));
  const seen = new Map(known.filter(([, at]) => now - at <= SEEN_MILLISECONDS));
  if (seen.has(id)) return false;
  sessionStorage.setItem(SEEN_KEY, JSON.stringify(Object.fromEntries(seen.set(id, now))));
  return true;
}

function showState(state) {
  const words = { open: "on", wait: "connecting", lost: "off, trying again" };
  for (const light of document.querySelectorAll("[data-live-state]")) {
    light.dataset.state = state;
    light.setAttribute("aria-label", `Live updates: ${words[state]}`);
    light.title = `Live updates: ${words[state]}`;
  }
}

function tellState(scope, state) {
  heldState = state;
  showState(state);
  channel?.postMessage({ scope, state });
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = 880;
  volume.gain.setValueAtTime(0.12, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.5);
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.5);
  tone.onended = () => audio.close();
}

function notifyBrowser(id) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const text = document.querySelector("#toasts .lh-toast-text")?.innerText ?? "";
  const [title, ...rest] = text.split("\n").filter(Boolean);
  const notice = new Notification(title || "LeadHub", { body: rest.join(" "), tag: id });
  notice.onclick = () => {
    window.focus();
    document.querySelector("#toasts .lh-toast a")?.click();
  };
}

async function receive(alert, { isHolder }) {
  if (!isNew(alert.id)) return;
  const url = `${document.body.dataset.alertsUrl}${alert.id}/`;
  await window.htmx.ajax("GET", url, { target: "#toasts", swap: "afterbegin" }).catch(() => {});
  document.body.dispatchEvent(new CustomEvent("leadhub:alert", { detail: alert, bubbles: true }));
  if (!isHolder) return;
  if (document.body.hasAttribute("data-sound")) beep();
  if (document.body.hasAttribute("data-notify") && document.hidden) notifyBrowser(alert.id);
}

function tellLook(lead) {
  document.body.dispatchEvent(new CustomEvent("leadhub:looking", { detail: { lead } }));
}

async function fetchStreamUrl() {
  const answer = await fetch(document.body.dataset.liveTokenUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(`live token: ${answer.status}`);
  const url = new URL((await answer.json()).url, location.href);
  if (lastEventId) url.searchParams.set("last_event_id", lastEventId);
  return url;
}

function tryLater(scope) {
  tellState(scope, "lost");
  failures += 1;
  const wait = Math.min(LONGEST_WAIT_MILLISECONDS, 500 * 2 ** failures) * (0.5 + Math.random());
  setTimeout(() => hold(scope), wait);
}

async function hold(scope) {
  let stream;
  try {
    stream = new EventSource(await fetchStreamUrl());
  } catch {
    tryLater(scope);
    return;
  }
  stream.addEventListener("open", () => {
    failures = 0;
    tellState(scope, "open");
  });
  stream.addEventListener("alert", (event) => {
    lastEventId = event.lastEventId || lastEventId;
    const alert = JSON.parse(event.data);
    channel?.postMessage({ scope, alert });
    receive(alert, { isHolder: true });
  });
  stream.addEventListener("looking", (event) => {
    const { lead } = JSON.parse(event.data);
    channel?.postMessage({ scope, looking: lead });
    tellLook(lead);
  });
  // A refused or expired token closes the stream for good: fetch a new one. Otherwise the browser reconnects itself.
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) tellState(scope, "wait");
    else tryLater(scope);
  });
  addEventListener("pagehide", () => stream.close(), { once: true });
}

export function startLive() {
  const { liveTokenUrl, liveScope = "" } = document.body.dataset;
  if (!liveTokenUrl) return;
  channel?.addEventListener("message", ({ data }) => {
    if (data.scope !== liveScope) return;
    if (data.alert) receive(data.alert, { isHolder: false });
    if (data.looking) tellLook(data.looking);
    if (data.state) showState(data.state);
    if (data.asks && heldState) tellState(liveScope, heldState);
  });
  if (!navigator.locks || !channel) {
    hold(liveScope);
    return;
  }
  channel.postMessage({ scope: liveScope, asks: true });
  navigator.locks.request(`leadhub-live-${liveScope}`, () => {
    hold(liveScope);
    return new Promise(() => {});
  });
}
