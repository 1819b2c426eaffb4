// Scores on a tablet with a poor connection: each mark is kept on this device until the server has it, then wiped.
// Only codes, scores, sources, signal codes and counts are ever kept here; never a note, a name or a typed word.
(() => {
  "use strict";
  const bar = document.getElementById("device");
  if (!bar) return;
  const say = bar.dataset;
  const words = bar.querySelector("[data-words]");
  const forgetAll = bar.querySelector("[data-forget-all]");
  const csrf = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const RETRY = 15000;
  const PAUSE = 800;
  let sending = false;
  let timer = 0;
  let trouble = "";
  let closed = false;
  let storage = true;
  let held = read();

  document.documentElement.classList.add("scripted");

  // --- What this device holds

  function read() {
    const empty = { marks: {}, batch: null };
    try {
      const found = JSON.parse(localStorage.getItem(say.key) || "null");
      return found && found.marks ? found : empty;
    } catch {
      storage = false;
      return empty;
    }
  }

  function write() {
    try {
      if (!held.batch && !Object.keys(held.marks).length) localStorage.removeItem(say.key);
      else localStorage.setItem(say.key, JSON.stringify(held));
      storage = true;
    } catch {
      storage = false;
    }
  }

  // --- Between the page and a mark

  const fieldset = (code) => document.querySelector(`[data-mark="${CSS.escape(code)}"]`);
  const versionOf = (box) => box.querySelector('input[name$="version"]');
  const checked = (box, end) => [...box.querySelectorAll(`input[name$="${end}"]:checked`)].map((one) => one.value);
  const ticked = (box, end) => Boolean(box.querySelector(`input[name$="${end}"]:checked`));

  function markOf(box) {
    const kind = box.dataset.kind;
    const version = Number(versionOf(box).value) || 0;
    if (kind === "counts") {
      const mark = { version, restrictions: checked(box, "restrictions") };
      box.querySelectorAll('input[type="number"]').forEach((one) => {
        mark[one.name] = one.value === "" ? null : Number(one.value);
      });
      for (const name of ["mechanics_included", "young_workers_included"]) mark[name] = ticked(box, name);
      return mark;
    }
    const value = checked(box, "-value")[0] || "";
    const sources = checked(box, "-sources");
    if (kind === "signal") {
      const present = value === "present";
      return {
        signal: box.dataset.mark,
        looked: value,
        sources: value === "not_looked" ? [] : sources,
        severe: present && ticked(box, "-severe"),
        outside_only: present && ticked(box, "-outside"),
        version,
      };
    }
    const isScore = /^[0-4]$/.test(value);
    return {
      indicator: box.dataset.mark,
      score: isScore ? Number(value) : null,
      not_assessed: isScore ? "" : value,
      sources: value && !isScore ? [] : sources,
      version,
    };
  }

  function apply(box, mark) {
    const set = (end, values) =>
      box.querySelectorAll(`input[name$="${end}"]`).forEach((one) => {
        one.checked = values.includes(one.value);
      });
    versionOf(box).value = mark.version;
    if (box.dataset.kind === "counts") {
      box.querySelectorAll('input[type="number"]').forEach((one) => {
        one.value = mark[one.name] ?? "";
      });
      set("mechanics_included", mark.mechanics_included ? ["1"] : []);
      set("young_workers_included", mark.young_workers_included ? ["1"] : []);
      set("restrictions", mark.restrictions || []);
      return;
    }
    const value = box.dataset.kind === "signal" ? mark.looked : (mark.score ?? mark.not_assessed);
    set("-value", [String(value)]);
    set("-sources", mark.sources || []);
    set("-severe", mark.severe ? ["1"] : []);
    set("-outside", mark.outside_only ? ["1"] : []);
  }

  function lacks(kind, mark) {
    if (kind === "counts") return "";
    if (kind === "signal") return !mark.looked || (mark.looked === "present" && !mark.sources.length) ? say.noEvidence : "";
    if (mark.not_assessed) return "";
    if (mark.score === null) return say.noScore;
    return mark.sources.length ? "" : say.noEvidence;
  }

  // --- Sending

  const waits = (one) => !one.fault && !one.conflict && !lacks(one.kind, one.mark);

  function makeBatch() {
    const codes = Object.keys(held.marks).filter((code) => waits(held.marks[code]));
    if (!codes.length) return null;
    const body = { id: newId(), scores: [], signals: [] };
    const numbers = {};
    for (const code of codes) {
      const one = held.marks[code];
      numbers[code] = one.n;
      if (one.kind === "counts") body.counts = one.mark;
      else body[one.kind === "signal" ? "signals" : "scores"].push(one.mark);
    }
    return { body, numbers };
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function soon(after) {
    clearTimeout(timer);
    timer = setTimeout(send, after);
  }

  async function send() {
    if (sending || closed) return;
    // A batch whose answer never came is sent again as it was: the server counts it once.
    held.batch = held.batch || makeBatch();
    if (!held.batch) return paint();
    write();
    sending = true;
    trouble = "";
    paint();
    try {
      const answer = await fetch(say.url, {
        method: "POST",
        credentials: "same-origin",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
        body: JSON.stringify(held.batch.body),
      });
      if (answer.ok) take(await answer.json());
      else await refused(answer);
    } catch {
      trouble = say.offline;
    }
    sending = false;
    write();
    paint();
    if (closed) return;
    if (trouble) soon(RETRY);
    else if (Object.values(held.marks).some(waits)) soon(PAUSE);
  }

  function take(answer) {
    for (const [code, n] of Object.entries(held.batch.numbers)) {
      const one = held.marks[code];
      const box = fieldset(code);
      const same = one && one.n === n;
      if (answer.conflicts[code]) {
        if (one) one.conflict = answer.conflicts[code];
      } else if (answer.faults[code]) {
        if (same) one.fault = answer.faults[code];
      } else {
        const version = answer.saved[code] ?? 0;
        if (same) delete held.marks[code];
        else if (one) one.mark.version = version;
        if (box) versionOf(box).value = version;
      }
    }
    held.batch = null;
  }

  async function refused(answer) {
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      trouble = say.signedOut;
    } else if (answer.status >= 500) {
      trouble = say.broken;
    } else {
      // It is not taken any more, whatever is tried: say so, keep what is here, and let the person decide.
      const said = await answer.json().catch(() => ({}));
      closed = true;
      trouble = said.words || say.broken;
    }
  }

  // --- What the page says

  function paint() {
    const codes = Object.keys(held.marks);
    const of = (test) => codes.filter((code) => test(held.marks[code]));
    const parts = [];
    const refusedOnes = of((one) => one.fault || one.conflict);
    const unfinished = of((one) => !one.fault && !one.conflict && lacks(one.kind, one.mark));
    const waiting = of(waits);
    if (waiting.length) parts.push(`${say.waiting} ${waiting.join(", ")}.`);
    if (unfinished.length) parts.push(`${say.incomplete} ${unfinished.join(", ")}.`);
    if (refusedOnes.length) parts.push(`${say.refused} ${refusedOnes.join(", ")}.`);
    if (sending) parts.push(say.sending);
    if (trouble) parts.push(trouble);
    if (!storage) parts.push(say.nothing);
    const said = parts.join(" ") || say.saved;
    if (words.textContent !== said) words.textContent = said;
    bar.classList.toggle("border-warning", Boolean(codes.length || trouble));
    forgetAll.hidden = !(closed && codes.length);
    document.querySelectorAll("[data-mark]").forEach((box) => {
      const one = held.marks[box.dataset.mark];
      const fault = box.querySelector("[data-fault]");
      const conflict = box.querySelector("[data-conflict]");
      fault.textContent = (one && (one.fault || "")) || "";
      fault.hidden = !fault.textContent;
      conflict.hidden = !(one && one.conflict);
      if (one && one.conflict) conflict.querySelector("[data-theirs]").textContent = one.conflict.words;
    });
    document.querySelectorAll("[data-count]").forEach((link) => {
      const boxes = [...document.querySelectorAll(`#${link.dataset.count} [data-mark]`)];
      link.textContent = `${boxes.filter((box) => checked(box, "-value").length).length}/${boxes.length}`;
    });
  }

  // --- What the person does

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-mark]");
    if (!box) return;
    const code = box.dataset.mark;
    const before = held.marks[code];
    const one = { kind: box.dataset.kind, mark: markOf(box), n: (before ? before.n : 0) + 1 };
    if (before && before.conflict) one.conflict = before.conflict;
    held.marks[code] = one;
    write();
    paint();
    if (waits(one)) soon(PAUSE);
  });

  document.addEventListener("click", (event) => {
    const keep = event.target.closest("[data-keep]");
    if (keep) {
      const box = keep.closest("[data-mark]");
      const one = held.marks[box.dataset.mark];
      if (!one || !one.conflict) return;
      const theirs = one.conflict.mark;
      delete one.conflict;
      if (keep.dataset.keep === "theirs") {
        apply(box, theirs);
        delete held.marks[box.dataset.mark];
      } else {
        one.mark.version = versionOf(box).value = theirs.version;
        one.n += 1;
        soon(0);
      }
      write();
      paint();
    } else if (event.target.closest("[data-forget-all]")) {
      held = { marks: {}, batch: null };
      write();
      location.reload();
    } else if (event.target.closest("[data-hand-in]") && Object.keys(held.marks).length) {
      event.preventDefault();
      bar.scrollIntoView();
      soon(0);
    }
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-marks]")) return;
    event.preventDefault();
    soon(0);
  });

  addEventListener("online", () => soon(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") soon(0);
  });
  addEventListener("storage", (event) => {
    if (event.key === say.key) {
      held = read();
      paint();
    }
  });

  for (const [code, one] of Object.entries(held.marks)) {
    const box = fieldset(code);
    if (box) apply(box, one.mark);
  }
  paint();
  if (Object.keys(held.marks).length || held.batch) soon(0);
})();
