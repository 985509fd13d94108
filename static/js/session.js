// A log-in that ended in another tab: a fragment would bring the log-in page. Reload instead, which asks for it properly.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { loginUrl } = document.body.dataset;
  const answered = event.detail.xhr.responseURL;
  if (!loginUrl || !answered || new URL(answered).pathname !== loginUrl) return;
  event.detail.shouldSwap = false;
  location.reload();
});
