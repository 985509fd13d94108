// LeadHub's embedded form. Draws the form in a shadow root, remembers where the visitor came from, posts with fetch.
(() => {
  const form = "LEADHUB_FORM";
  const script = document.currentScript;
  const FASTEST_MS = 2100;
  const REMEMBERED_MS = 90 * 24 * 3600 * 1000;
  const STORE = "leadhub.touch";
  const shownAt = performance.now();
  const mayStore = script?.dataset.storage !== "off";

  const CSS = `
    :host { all: initial; display: block; }
    form { display: grid; gap: 14px; font: inherit; color: inherit; }
    .box { font: 16px/1.5 system-ui, sans-serif; color: #171c26; max-width: 560px; }
    h2 { font-size: 1.25em; margin: 0 0 4px; } p { margin: 0 0 12px; }
    label { display: block; font-weight: 550; margin-bottom: 4px; } .optional { font-weight: 400; opacity: 0.75; margin-left: 6px; }
    input:not([type=checkbox]), textarea, select { box-sizing: border-box; width: 100%; min-height: 44px; padding: 9px 12px; font: inherit; color: inherit; background: #fff; border: 1px solid #8a93a3; border-radius: 8px; }
    input[type=checkbox] { width: 20px; height: 20px; margin: 0 8px 0 0; vertical-align: middle; }
    :focus-visible { outline: 3px solid #2f55d4; outline-offset: 2px; }
    [aria-invalid] { border-color: #c6283a; } .error { color: #b01f2f; font-size: 0.9em; margin-top: 4px; }
    button { min-height: 44px; padding: 10px 18px; font: inherit; font-weight: 600; color: #fff; background: #2f55d4; border: 0; border-radius: 8px; cursor: pointer; }
    button:disabled { opacity: 0.6; cursor: default; } .trap { position: absolute; left: -9999px; }
    @media (prefers-color-scheme: dark) { :host([data-theme=auto]) .box { color: #e7eaf0; } :host([data-theme=auto]) :is(input, textarea, select) { background: #151a21; } }
  `;

  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element && name !== "list") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  // --- where the visitor came from -----------------------------------------------------------------------------
  const read = (name) => {
    try { return mayStore ? JSON.parse(localStorage.getItem(name)) : null; } catch { return null; }
  };
  const remember = (name, value) => {
    try { if (mayStore) localStorage.setItem(name, JSON.stringify(value)); } catch { /* storage is full or forbidden */ }
    return value;
  };
  const readVisitor = () => {
    const known = read("leadhub.visitor.id");
    if (known || !mayStore || !crypto.randomUUID) return known ?? "";
    return remember("leadhub.visitor.id", crypto.randomUUID());
  };
  const isOutside = (url) => {
    try { return Boolean(url) && new URL(url).hostname !== location.hostname; } catch { return false; }
  };
  const readArrival = () => {
    const query = new URLSearchParams(location.search);
    const named = Object.fromEntries(form.attribution.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
    const isNew = Object.keys(named).length > 0 || isOutside(document.referrer);
    const known = read(STORE);
    if (!isNew && known && Date.now() - known.at < REMEMBERED_MS) return known.touch;
    const touch = { landing_page: location.href, referrer: isOutside(document.referrer) ? document.referrer : "", ...named };
    if (isNew) remember(STORE, { at: Date.now(), touch });
    return touch;
  };
  const arrival = readArrival();

  // --- the form ------------------------------------------------------------------------------------------------
  const controls = new Map();

  const drawControl = (field) => {
    const shared = { name: field.name, id: `lh_${field.name}`, required: field.isRequired, autocomplete: field.autocomplete };
    if (field.kind === "textarea") return make("textarea", { ...shared, rows: 4 });
    if (field.kind === "checkbox") return make("input", { ...shared, type: "checkbox", value: "yes" });
    if (field.kind !== "select") return make("input", { ...shared, type: field.type, inputMode: field.kind === "money" ? "decimal" : "" });
    return make("select", shared, make("option", { value: "", textContent: "Please choose" }), ...field.options.map((option) => make("option", { textContent: option })));
  };

  const drawField = (field) => {
    const control = drawControl(field);
    const error = make("div", { className: "error", id: `lh_${field.name}_error`, hidden: true });
    const label = make("label", { htmlFor: control.id }, field.label);
    if (!field.isRequired) label.append(make("span", { className: "optional", textContent: "optional" }));
    if (field.kind === "checkbox") label.prepend(control);
    controls.set(field.name, { control, error });
    return make("div", {}, label, ...(field.kind === "checkbox" ? [] : [control]), error);
  };

  const showError = (name, message) => {
    const { control, error } = controls.get(name);
    error.textContent = message;
    error.hidden = !message;
    if (!message) return void (control.removeAttribute("aria-invalid"), control.removeAttribute("aria-describedby"));
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", error.id);
  };

  const complain = (status, problem) => {
    const errors = problem?.errors ?? [];
    controls.forEach((_, name) => showError(name, errors.find((each) => each.field === name)?.message ?? ""));
    const stray = errors.filter((each) => !controls.has(each.field)).map((each) => each.message);
    status.textContent = [problem?.detail ?? "It could not be sent. Please try again.", ...stray].join(" ");
    [...controls.values()].find(({ control }) => control.hasAttribute("aria-invalid"))?.control.focus();
  };

  const thank = (host, box) => {
    host.dispatchEvent(new CustomEvent("leadhub:submitted", { bubbles: true, composed: true, detail: { form: form.key } }));
    if (form.redirectUrl) return location.assign(form.redirectUrl);
    const thanks = make("p", { role: "status", tabIndex: -1, textContent: form.thankYouText });
    box.replaceChildren(thanks);
    thanks.focus();
  };

  const send = async (element, status) => {
    const values = new URLSearchParams(new FormData(element));
    for (const [name, value] of Object.entries({ ...arrival, visitor_id: readVisitor() })) if (value && !values.has(name)) values.set(name, value);
    values.set(form.stampName, form.stamp);
    await new Promise((resume) => setTimeout(resume, FASTEST_MS - (performance.now() - shownAt)));
    const answer = await fetch(form.url, { method: "POST", body: values, headers: { Accept: "application/json" }, credentials: "omit" });
    if (answer.ok) return true;
    complain(status, await answer.json().catch(() => null));
    return false;
  };

  const draw = (host) => {
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    root.adoptedStyleSheets = [sheet];
    const status = make("div", { className: "error", role: "alert" });
    const button = make("button", { type: "submit", textContent: form.buttonText });
    const trap = make("div", { className: "trap", ariaHidden: "true" }, make("input", { name: form.honeypot, tabIndex: -1, autocomplete: "off" }));
    const element = make("form", {}, ...form.fields.map(drawField), trap, status, button);
    const heading = form.headline ? [make("h2", { textContent: form.headline })] : [];
    const introduction = form.introduction ? [make("p", { textContent: form.introduction })] : [];
    const box = make("div", { className: "box", part: "box" }, ...heading, ...introduction, element);
    root.append(box);
    element.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (button.disabled) return;
      button.disabled = true;
      status.textContent = "";
      const isSent = await send(element, status).catch(() => void complain(status, null));
      button.disabled = false;
      if (isSent) thank(host, box);
    });
  };

  const findHost = () => {
    const target = script?.dataset.target;
    const marked = target ? document.querySelector(target) : document.querySelector(`[data-leadhub-form="${form.key}"]`);
    if (marked) return marked;
    const host = make("div");
    const isInBody = script?.isConnected && !document.head.contains(script);
    isInBody ? script.after(host) : document.body.append(host);
    return host;
  };

  const start = () => {
    const host = findHost();
    if (form.isActive && !host.shadowRoot) draw(host);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
