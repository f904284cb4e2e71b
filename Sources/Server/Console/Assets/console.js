// What pages do beyond reading: questions before dangerous forms, and the page of an attempt that follows what happens.
const $ = (id) => document.getElementById(id);

document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !confirm(question)) return event.preventDefault();
  // A second click must not send a form twice; the browser's way back must find it usable.
  for (const button of event.target.querySelectorAll("button")) setTimeout(() => (button.disabled = true));
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});

const tones = {
  blocked: "waiting", ready: "waiting", running: "running", planned: "running", retry_waiting: "retrying",
  group_retry_waiting: "retrying", success: "success", error: "error", group_error: "error", canceled: "killed",
};
const over = new Set(["success", "error", "group_error", "canceled"]);
const words = { retry_waiting: "waits to retry", group_retry_waiting: "waits to retry", group_error: "error inside" };

const two = (number) => String(number).padStart(2, "0");
const duration = (seconds) => {
  const s = Math.max(0, seconds), n = Math.floor(s);
  if (s < 10) return s.toFixed(1) + " s";
  if (n < 60) return n + " s";
  if (n < 3600) return Math.floor(n / 60) + " min " + two(n % 60) + " s";
  if (n < 86400) return Math.floor(n / 3600) + " h " + two(Math.floor(n / 60) % 60) + " min";
  return Math.floor(n / 86400) + " d " + (Math.floor(n / 3600) % 24) + " h";
};
// How far the clock of the server is ahead of this one, in milliseconds.
let skew = 0;
const clockOfServer = () => (Date.now() + skew) / 1000;
const json = async (url) => {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const date = Date.parse(answer.headers.get("date"));
  if (date) skew = date - Date.now();
  return answer.json();
};

// Logs

const levels = { DEBUG: "debug", INFO: "info", WARNING: "warning", ERROR: "error", OUT: "out", "OUT+": "out" };
const most = 5000;
// The same as in the pages of the server: colours are left out, what else steers a terminal is shown.
const harmless = (text) =>
  text.replace(/\u001b\[[0-9;:]*m/g, "")
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (c) => (c === "\r" ? "␍" : String.fromCharCode(0x2400 + c.charCodeAt(0))))
    .replace(/[\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      (c) => "⟨U+" + c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");
const part = (name, text) => {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
};
const lineOf = (entry) => {
  const line = document.createElement("span");
  line.className = "l l-" + (levels[entry.level] || "info");
  line.append(part("i", entry.time.slice(11, 23) + " "), part("b", harmless((entry.task || "attempt") + " ")),
    harmless(entry.message) + "\n");
  return line;
};

function logPane(running) {
  const pane = $("lines"), follow = $("follow"), level = $("level");
  if (!pane) return;
  $("level-box").hidden = false;
  level.addEventListener("change", () => (pane.dataset.least = level.value));
  const down = () => { if (follow.checked) pane.scrollTop = pane.scrollHeight; };
  down();
  if (!running || !window.EventSource) return;
  $("follow-box").hidden = false;
  follow.addEventListener("change", down);
  // Who scrolls up wants to read; who comes back to the end wants to follow.
  pane.addEventListener("wheel", (event) => { if (event.deltaY < 0) follow.checked = false; }, { passive: true });
  let waiting = [], isFresh = true;
  const show = () => {
    const batch = document.createDocumentFragment();
    batch.append(...waiting.slice(-most).map(lineOf));
    if (isFresh) {
      // The stream begins at the beginning: it takes the place of the lines that came with the page.
      pane.replaceChildren();
      $("silent")?.remove();
      $("cut")?.remove();
      isFresh = false;
    }
    waiting = [];
    pane.append(batch);
    while (pane.childElementCount > most) pane.firstElementChild.remove();
    down();
  };
  const source = new EventSource(pane.dataset.source);
  source.onmessage = (event) => {
    if (!waiting.length) setTimeout(show, 100);
    waiting.push(JSON.parse(event.data));
  };
  source.addEventListener("end", () => source.close());
}

// Tasks

const refreshed = ["head", "tasks"];
/** Takes parts of the page anew from the server, keeping what is unfolded. */
async function refresh() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = [...document.querySelectorAll("details.task[open]")].map((row) => row.id);
  const focused = document.activeElement?.closest?.("details.task")?.id;
  for (const id of refreshed) {
    const fresh = page.getElementById(id);
    if (fresh) $(id)?.replaceWith(fresh);
  }
  for (const id of open) $(id)?.setAttribute("open", "");
  if (focused) $(focused)?.querySelector("summary")?.focus();
  const root = $("attempt"), fresh = page.getElementById("attempt");
  if (root && fresh) Object.assign(root.dataset, fresh.dataset);
}

const seconds = (text) => (text ? Date.parse(text) / 1000 : null);
function showTask(row, task, begin, now) {
  const isNew = row.dataset.state !== task.state;
  if (isNew) {
    row.dataset.state = task.state;
    const chip = row.querySelector(".chip");
    chip.className = "chip " + tones[task.state];
    chip.textContent = words[task.state] || task.state;
  }
  const start = seconds(task.startedAt) ?? (Number(row.dataset.start) || null);
  if (start === null) return;
  const end = seconds(task.finishedAt) ?? (over.has(task.state) ? Number(row.dataset.end) || now : now);
  row.querySelector(".du").textContent = duration(end - start);
  const bar = row.querySelector("svg"), span = Math.max(now - begin, 0.001);
  let shape = bar.firstElementChild;
  if (!shape) {
    shape = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    shape.setAttribute("height", "10");
    bar.append(shape);
  }
  const place = (time) => Math.round(Math.min(Math.max((time - begin) / span, 0), 1) * 1000);
  const width = Math.max(6, place(end) - place(start));
  shape.setAttribute("x", Math.min(place(start), 1000 - width));
  shape.setAttribute("width", width);
  shape.setAttribute("class", (task.isGroup ? "group " : "") + tones[task.state]);
}

function follow(root) {
  const address = "/api/attempts/" + root.dataset.attempt;
  let pause = 2000;
  const look = async () => {
    let isOver = false;
    try {
      const began = performance.now();
      const [attempt, { tasks }] = await Promise.all([json(address), json(address + "/tasks")]);
      isOver = attempt.done;
      const finished = tasks.some((task) => {
        const row = $("t" + task.id);
        return row && row.dataset.state !== task.state && over.has(task.state);
      });
      // A task that ended has a store or an error to show, and a new one has no row: both come from the server.
      if (isOver || finished || tasks.length !== Number(root.dataset.tasks)) {
        await refresh();
      } else {
        const begin = seconds(attempt.createdAt), now = clockOfServer();
        for (const task of tasks) {
          const row = $("t" + task.id);
          if (row) showTask(row, task, begin, now);
        }
        const scale = document.querySelector(".scale span:last-child");
        if (scale) scale.textContent = duration(now - begin);
      }
      // Big attempts are asked for less often.
      pause = Math.max(2000, 10 * (performance.now() - began));
    } catch {
      pause = Math.min(pause * 2, 30000);
    }
    if (!isOver) setTimeout(look, document.hidden ? Math.max(pause, 10000) : pause);
  };
  setTimeout(look, pause);
  const clock = setInterval(() => {
    if (root.dataset.running !== "true") return clearInterval(clock);
    const element = $("duration");
    if (element) element.textContent = duration(clockOfServer() - Number(element.dataset.since));
  }, 1000);
}

const root = $("attempt");
if (root) {
  logPane(root.dataset.running === "true");
  if (root.dataset.running === "true") follow(root);
}
