// Makes the worker's pages easier; nothing depends on it. Stores nothing, asks nobody but our own server.
(function () {
  "use strict";
  var doc = document, form = doc.getElementById("tell"), out = doc.getElementById("leave");
  var one = function (q, r) { return (r || doc).querySelector(q); };
  var all = function (q, r) { return [].slice.call((r || doc).querySelectorAll(q)); };
  var busy = false;

  // Leaving: what was typed is gone, and this page is replaced, so that Back does not lead to it.
  function leave() {
    if (form) form.reset();
    doc.documentElement.hidden = true;
    location.replace(out.href);
  }
  doc.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("#leave,[data-leave]:not(form)");
    if (link) { event.preventDefault(); leave(); }
  });
  var pressed = 0;
  doc.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !out) return;
    var now = Date.now();
    if (now - pressed < 1500) leave();
    pressed = now;
  });

  hear();
  if (!form) return;
  doc.documentElement.className = "js";
  var say = doc.getElementById("words").dataset;

  // One question at a time.
  var steps = all(".step", form), at = 0, seen = {}, short = false, from = 0, jumped = false;
  var dots = doc.createElement("div");
  dots.className = "dots";
  dots.setAttribute("role", "img");
  form.querySelector("main").insertBefore(dots, steps[0]);
  all("[data-go]", form).forEach(function (button) { button.hidden = false; });

  function values(name) {
    return all('[name="' + name + '"]:checked', form).map(function (field) { return field.value; });
  }
  function holds(when) {
    return when.split(" ").some(function (part) {
      var pair = part.split("="), wanted = pair[1].split("|");
      return values(pair[0]).some(function (value) { return wanted.indexOf(value) >= 0; });
    });
  }
  function yes(name) { return values(name)[0] === "yes"; }
  function dangerNow() {
    var said = values("danger_answer")[0];
    return said === "now" || yes("D2") || yes("D3") || yes("D5") || (yes("D1") && (yes("D4") || said !== "no"));
  }
  function wanted(step) {
    if (step.id === "help-now") return dangerNow();
    if (short) {
      if (step.id === "q1") return !one("#i-place-text").value && !values("place_kind").length;
      if (step.id === "q5") return !values("conduct_types").length && !one("#i-own-words").value;
      if (step.id === "q12") return !values("route").length;
      return step.id === "preview" || step.id === "receipt";
    }
    return !step.dataset.when || holds(step.dataset.when);
  }
  function follow() {
    all("[data-when]:not(.step)", form).forEach(function (part) { part.hidden = !holds(part.dataset.when); });
    all("[data-open-when]", form).forEach(function (fold) { if (holds(fold.dataset.openWhen)) fold.open = true; });
    if (values("share_choice")[0] === "choose_each") one("#shares").open = true;
  }
  function show(index, still) {
    at = index;
    steps.forEach(function (step, place) { step.hidden = place !== at; });
    var shown = steps.filter(function (step) { return step === steps[at] || wanted(step); });
    dots.textContent = "";
    shown.forEach(function (step, place) {
      var dot = doc.createElement("i");
      if (place <= shown.indexOf(steps[at])) dot.className = "on";
      dots.appendChild(dot);
    });
    dots.setAttribute("aria-label", say.step + " " + (shown.indexOf(steps[at]) + 1) + " / " + shown.length);
    seen[steps[at].id] = true;
    stopReading();
    if (!still) { scrollTo(0, 0); steps[at].focus(); }
    if (steps[at].id === "preview") preview();
  }
  function go(way) {
    if (jumped && way > 0) { jumped = false; return show(find("preview")); }
    var id = steps[at].id, danger = one("#d"), next = at + way;
    var help = !seen["help-now"] && dangerNow();
    if (way > 0 && !short) {
      // Danger now shows help at once. Force or a threat told later leads back to the danger questions, once.
      if (id === "q3") return show(find(help ? "help-now" : wanted(danger) ? "d" : "q4"));
      if (id === "d" || id === "help-now") {
        if (help || !seen.d) return show(find(help ? "help-now" : "d"));
        next = from || find("q4");
        from = 0;
        return show(next);
      }
      if ((id === "q5" || id === "q6") && !seen.d && wanted(danger)) { from = at + 1; return show(find("d")); }
    }
    while (next > 0 && next < steps.length - 1 && !wanted(steps[next])) next += way;
    if (next >= 0 && next < steps.length) show(next);
  }
  function find(id) { return steps.indexOf(one("#" + id)); }

  form.addEventListener("click", function (event) {
    var target = event.target, button = target.closest("[data-go]"), link = target.closest("a[href^='#']");
    if (button) { event.preventDefault(); go(button.dataset.go === "next" ? 1 : -1); }
    if (target.closest("[data-short]")) { event.preventDefault(); short = true; go(1); }
    else if (link) {
      var step = one(link.getAttribute("href"));
      step = step && step.closest(".step");
      if (step) { event.preventDefault(); jumped = steps[at].id === "preview"; show(steps.indexOf(step)); }
    }
  });
  form.addEventListener("change", function (event) {
    var field = event.target, away = field.closest(".away"), question = field.closest(".q");
    if (away) {
      all(".tiles input", question).forEach(function (other) { other.checked = false; });
      follow(); go(1);
    } else if (question) {
      all(".away input", question).forEach(function (other) { other.checked = false; });
      follow();
    }
  });
  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.tagName === "INPUT") { event.preventDefault(); go(1); }
  });

  // The preview is made by the server and stores nothing; here it is only fetched.
  function preview(insist) {
    var here = one("#preview-here"), data = new URLSearchParams(new FormData(form));
    data.set("show", "1"); data.set("part", "1");
    here.setAttribute("aria-busy", "true");
    if (!here.children.length || !one(".reader", here)) here.textContent = say.wait;
    fetch(form.action, { method: "POST", body: data, credentials: "omit", cache: "no-store" })
      .then(function (answer) {
        if (answer.status === 409) { form.submit(); return null; }
        if (!answer.ok) throw new Error();
        return answer.text();
      })
      .then(function (page) { if (page !== null) here.innerHTML = page; })
      .catch(function () { here.textContent = say.lost; })
      .then(function () { here.removeAttribute("aria-busy"); });
  }
  form.addEventListener("submit", function (event) {
    var by = event.submitter || {};
    if (by.name === "show" || by.name === "insist") {
      event.preventDefault();
      if (by.name === "insist") one("input[name=insist]").checked = true;
      preview();
    } else if (by.name === "send" && window.AbortController) {
      event.preventDefault();
      if (!busy) send(by);
    }
  });

  // Sent without leaving the page, so that a lost connection loses nothing. A second press files nothing twice.
  function send(button) {
    var data = new URLSearchParams(new FormData(form)), stop = new AbortController(), label = button.textContent;
    var waited = setTimeout(function () { stop.abort(); }, 45000);
    data.set("send", "1");
    busy = true;
    button.textContent = say.wait;
    tell("");
    fetch(form.action, { method: "POST", body: data, credentials: "omit", cache: "no-store", signal: stop.signal })
      .then(function (answer) {
        if (answer.ok) return answer.text().then(arrived);
        // The server's own page says what is missing; nothing was filed yet.
        var field = doc.createElement("input");
        field.type = "hidden"; field.name = "send"; field.value = "1";
        form.appendChild(field);
        form.submit();
      })
      .catch(function () { tell(say.lost); })
      .then(function () { clearTimeout(waited); busy = false; button.textContent = label; });
  }
  function tell(sentence) {
    one("#lost").textContent = sentence;
    one("#lost").hidden = !sentence;
  }
  function arrived(text) {
    var page = new DOMParser().parseFromString(text, "text/html"), title;
    form.reset();
    doc.body.replaceWith(page.body);
    title = one("h1");
    title.tabIndex = -1;
    scrollTo(0, 0);
    title.focus();
    hear();
    setTimeout(leave, 600000);
  }

  follow();
  var problem = form.dataset.problem, start = problem || form.dataset.at || "start";
  show(Math.max(0, find(start)), !problem && start === "start");
  if (one("#problems")) one("#problems").focus();

  // Fifteen minutes without a touch clear the page; at twelve it says so.
  var touched = Date.now(), warning;
  ["pointerdown", "keydown", "input", "scroll"].forEach(function (kind) {
    addEventListener(kind, function () {
      touched = Date.now();
      if (warning) { warning.remove(); warning = null; }
    }, { passive: true });
  });
  setInterval(function () {
    var idle = (Date.now() - touched) / 60000;
    if (idle >= 15) return leave();
    if (idle >= 12 && !warning) {
      warning = doc.createElement("div");
      warning.className = "warn";
      warning.setAttribute("role", "alert");
      warning.textContent = say.soon;
      doc.body.appendChild(warning);
    }
  }, 5000);

  // Reading aloud, only with a voice that lives on this phone.
  function stopReading() { if (window.speechSynthesis) speechSynthesis.cancel(); }
  function hear() {
    var words = doc.getElementById("words");
    if (!words || !window.speechSynthesis) return;
    var language = doc.documentElement.lang, offered = false;
    function voice() {
      return speechSynthesis.getVoices().filter(function (found) {
        return found.localService && found.lang.slice(0, 2).toLowerCase() === language;
      })[0];
    }
    function offer() {
      if (offered || !voice()) return;
      offered = true;
      all(".step,[data-secret]").forEach(function (part) {
        var button = doc.createElement("button");
        button.type = "button";
        button.className = "button hear";
        button.textContent = words.dataset.hear;
        button.addEventListener("click", function () {
          if (speechSynthesis.speaking) return stopReading();
          var speech = new SpeechSynthesisUtterance(spoken(part)), mine = voice();
          if (!mine) return;
          speech.voice = mine; speech.lang = mine.lang; speech.rate = 0.9;
          speechSynthesis.speak(speech);
        });
        part.insertBefore(button, part.firstChild);
      });
    }
    function spoken(part) {
      return all("h1,h2,h3,p,legend,label,summary,li,dt,dd", part).filter(function (bit) {
        return bit.offsetParent && !bit.closest("nav,.nav") && !one("p,label,li", bit);
      }).map(function (bit) {
        // Digits one by one.
        return bit.className === "number" ? bit.textContent.replace(/\d/g, "$& , ") : bit.textContent;
      }).join(". ");
    }
    speechSynthesis.addEventListener && speechSynthesis.addEventListener("voiceschanged", offer);
    offer();
  }
})();
