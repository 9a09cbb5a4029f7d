// Follows long work without a reload. Without it the page's link does the same.
(function () {
  "use strict";
  var region = document.querySelector("[data-follow]");
  if (!region || !window.fetch || !window.DOMParser) return;
  function look() {
    fetch(location.href, { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("#work");
        if (!fresh) return;
        document.querySelector("#work").innerHTML = fresh.innerHTML;
        if (document.querySelector("#work [data-follow]")) setTimeout(look, 2000);
        else document.querySelector("#work").focus();
      })
      .catch(function () { setTimeout(look, 10000); });
  }
  setTimeout(look, 2000);
})();
