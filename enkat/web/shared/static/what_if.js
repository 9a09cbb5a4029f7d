// Counts again while somebody writes or draws a slider. Without it the page's button does the same.
(function () {
  "use strict";
  var form = document.querySelector("[data-follow-form]");
  if (!form || !window.fetch || !window.DOMParser || !window.URLSearchParams) return;
  var outcome = document.getElementById(form.dataset.followForm);
  var said = document.querySelector("[data-follow-said]");
  var timer, turn = 0;

  function number(text) { return Number(text.replace(",", ".")); }

  form.querySelectorAll("input[data-range]").forEach(function (field) {
    var ends = field.dataset.range.split(" "), slider = document.createElement("input");
    slider.type = "range";
    slider.min = ends[0];
    slider.max = ends[1];
    slider.value = number(field.value);
    slider.setAttribute("aria-label", document.querySelector('label[for="' + field.id + '"]').textContent);
    slider.addEventListener("input", function () { field.value = slider.value; });
    field.addEventListener("input", function () { slider.value = number(field.value); });
    field.after(slider);
  });

  function count() {
    var mine = ++turn, address = location.pathname + "?" + new URLSearchParams(new FormData(form));
    fetch(address, { credentials: "same-origin" })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var fresh = page.getElementById(outcome.id), faults = page.querySelector(".error-summary");
        if (mine !== turn || !fresh) return;
        if (faults) { said.textContent = faults.querySelector("li").textContent; return; }
        outcome.innerHTML = fresh.innerHTML;
        history.replaceState(null, "", address);
        said.textContent = said.dataset.followSaid;
      })
      .catch(function () { said.textContent = said.dataset.followFailed; });
  }

  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(count, 500); });
})();
