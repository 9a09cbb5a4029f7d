// Shows, while a sheet is keyed, what each key chose and which question is next. Without it the line of keys is the same.
(function () {
  "use strict";
  var form = document.querySelector("form[data-keying]");
  if (!form) return;
  var line = form.querySelector("input[name=keys]");
  var said = document.getElementById("keyed");
  var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-field]"));
  function asked(keys) {
    return rows.filter(function (row) { return keys[0] === form.dataset.keying || !row.hasAttribute("data-proxy"); });
  }
  function show() {
    var keys = line.value.toLowerCase().replace(/[\s-]/g, "");
    var wanted = asked(keys);
    rows.forEach(function (row) {
      row.removeAttribute("aria-current");
      Array.prototype.forEach.call(row.querySelectorAll(".box"), function (box) { box.classList.remove("chosen"); });
    });
    wanted.forEach(function (row, place) {
      var box = keys[place] && row.querySelector('.box[data-key="' + (/[a-z1-9]/.test(keys[place]) ? keys[place] : "") + '"]');
      if (box) box.classList.add("chosen");
    });
    var next = wanted[keys.length];
    if (next) next.setAttribute("aria-current", "true");
    said.textContent = next ? next.querySelector("th").textContent : keys.length === wanted.length ? said.dataset.done : "";
  }
  line.addEventListener("input", show);
  show();
})();
