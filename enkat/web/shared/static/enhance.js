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
