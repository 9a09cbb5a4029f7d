// Number keys choose an answer; Enter goes on. The page does all it does without them.
(function () {
  "use strict";
  var form = document.querySelector("form[data-keys]");
  if (!form) return;
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || /^(TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
    var chosen = /^\d$/.test(event.key) && form.querySelector('[data-key="' + event.key + '"]');
    if (!chosen) return;
    event.preventDefault();
    chosen.checked = true;
    chosen.focus();
  });
})();
