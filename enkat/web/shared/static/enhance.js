// Small comforts. Every page does all it does without them.
(function () {
  "use strict";
  var code = document.getElementById("code");
  if (code && location.hash.length > 1) {
    // the letter's QR carries the code behind #, which no server ever sees
    var carried = decodeURIComponent(location.hash.slice(1)).replace(/\D/g, "");
    if (carried.length === 16) {
      code.value = carried.replace(/(\d{4})(?=\d)/g, "$1 ");
      history.replaceState(null, "", location.pathname + location.search);
    }
  }
  var told = document.querySelector("[data-focus]");
  if (told) told.focus();

  // without a connection the page stays, with what is written on it
  document.addEventListener("submit", function (event) {
    var main = document.getElementById("main");
    if (navigator.onLine || !main) return;
    event.preventDefault();
    var box = document.querySelector(".offline");
    if (!box) {
      box = document.createElement("div");
      box.className = "notice offline";
      box.setAttribute("role", "alert");
      box.tabIndex = -1;
      main.prepend(box);
    }
    box.textContent = document.body.dataset.offline;
    box.focus();
  });

  // read aloud where the device itself has a voice in every language on the page: nothing is sent to anybody
  var aloud = document.querySelector(".aloud");
  var speech = window.speechSynthesis;
  if (aloud && speech) {
    var button = aloud.querySelector("button");
    var start = button.textContent;
    var parts = Array.from(document.querySelectorAll("#answer h1, #answer .hint, #answer .choice label"));
    var languageOf = function (part) { return part.closest("[lang]").lang; };
    var voiceOf = function (part) {
      return speech.getVoices().find(function (voice) {
        return voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === languageOf(part);
      });
    };
    var look = function () { aloud.hidden = !parts.every(voiceOf); };
    var rest = function () { button.textContent = start; };
    look();
    if (speech.addEventListener) speech.addEventListener("voiceschanged", look);
    button.addEventListener("click", function () {
      var busy = speech.speaking || speech.pending;
      speech.cancel();
      if (busy) { rest(); return; }
      button.textContent = button.dataset.stop;
      parts.forEach(function (part, number) {
        var told = new SpeechSynthesisUtterance(part.textContent);
        told.voice = voiceOf(part);
        told.lang = languageOf(part);
        if (number === parts.length - 1) told.onend = told.onerror = rest;
        speech.speak(told);
      });
    });
    window.addEventListener("pagehide", function () { speech.cancel(); });
  }

  document.querySelectorAll("textarea[data-most]").forEach(function (text) {
    var line = document.createElement("span");
    line.className = "left";
    line.setAttribute("role", "status");
    text.after(line);
    var timer;
    function tell() {
      var left = Number(text.dataset.most) - text.value.length;
      line.textContent = left < 0 ? text.dataset.over + " " + -left : left < 200 ? text.dataset.left + " " + left : "";
    }
    text.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(tell, 600); });
    tell();
  });
})();
