// SPDX-License-Identifier: Apache-2.0
// What pages do better with script and do well without: look at a password, press a button once, see the seconds pass.
(function () {
  "use strict";

  function each(list, act) { Array.prototype.forEach.call(list, act); }

  // The browser has read the form before the button is disabled, so its name and value are sent.
  function disable(form, off) {
    each(form.querySelectorAll("button[type=submit]"), function (button) { button.disabled = off; });
  }

  function look(input, button, open) {
    input.type = open ? "text" : "password";
    button.textContent = input.getAttribute(open ? "data-hide" : "data-show");
  }

  each(document.querySelectorAll("input[data-show]"), function (input) {
    var button = document.createElement("button");
    button.type = "button";
    button.id = input.id + "-show";
    button.className = "show";
    button.setAttribute("aria-controls", input.id);
    look(input, button, false);
    button.addEventListener("click", function () { look(input, button, input.type === "password"); });
    input.form.addEventListener("submit", function () { look(input, button, false); });
    input.parentNode.appendChild(button);
  });

  // A button with a key of its own, from wherever the keyboard is.
  each(document.querySelectorAll("button[data-key]"), function (button) {
    document.addEventListener("keydown", function (event) {
      if (event.key !== button.getAttribute("data-key") || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      button.click();
    });
  });

  // Long enough for a thumb that presses twice; whoever comes Back may press again at once.
  document.addEventListener("submit", function (event) {
    window.setTimeout(function () { disable(event.target, true); }, 0);
    window.setTimeout(function () { disable(event.target, false); }, 5000);
  });
  window.addEventListener("pageshow", function () {
    each(document.forms, function (form) { disable(form, false); });
  });

  // The page that says what a scanned code has come to, or a fresh code, when there is news.
  each(document.querySelectorAll("[data-status]"), function (poll) {
    function go(name) { window.location.replace(poll.getAttribute(name)); }
    function look() {
      if (document.hidden) { window.setTimeout(look, 2000); return; }
      window.fetch(poll.getAttribute("data-status"), { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
        return answer.ok ? answer.json() : { state: answer.status === 404 ? "over" : poll.getAttribute("data-state") };
      }).then(function (told) {
        if (told.state === "over") { go("data-fresh"); return; }
        if (told.state !== poll.getAttribute("data-state")) { go("data-same"); return; }
        window.setTimeout(look, 2000);
      }, function () { window.setTimeout(look, 5000); });
    }
    if (window.fetch) { window.setTimeout(look, 2000); } else { window.setTimeout(function () { go("data-same"); }, 5000); }
  });

  // The card's code: the seconds pass, and a fresh one takes its place in time. Whoever looks elsewhere needs none; and
  // one that has expired is not shown.
  function count(code) {
    var life = Number(code.getAttribute("data-life"));
    var end = Date.now() + 1000 * life;
    var anew = end - 1000 * (life - Number(code.getAttribute("data-anew")));
    var url = code.getAttribute("data-url");
    var told = code.querySelector("[data-over]");
    var sentence = told.textContent;
    var asked = 0;

    function tick() {
      var now = Date.now();
      if (now >= end) {
        each(code.querySelectorAll(".qr"), function (qr) { qr.hidden = true; });
        told.setAttribute("role", "status");
        told.textContent = told.getAttribute("data-over");
      } else { told.textContent = sentence.replace(/\d+/, String(Math.ceil((end - now) / 1000))); }
      if (document.hidden || now < anew || now < asked + 5000) return;
      asked = now;
      window.fetch(url, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
        return answer.text();
      }).then(swap, function () { asked = Date.now(); });
    }

    // What the page says now of the card and its code; the rest stays, and so does the focus.
    function swap(html) {
      var page = new DOMParser().parseFromString(html, "text/html");
      var held = document.activeElement && document.activeElement.id;
      if (!timer) return;
      window.clearInterval(timer);
      timer = 0;
      if (!page.getElementById("code")) { window.location.replace(url); return; }
      each(["card-face", "code"], function (id) {
        var here = document.getElementById(id);
        if (here) here.parentNode.replaceChild(document.importNode(page.getElementById(id), true), here);
      });
      if (held && document.activeElement.id !== held && document.getElementById(held)) document.getElementById(held).focus();
      begin();
    }

    var timer = window.setInterval(tick, 1000);
    document.addEventListener("visibilitychange", function () { if (timer) tick(); });
  }
  function begin() { if (window.fetch && window.DOMParser) each(document.querySelectorAll("[data-anew]"), count); }
  begin();

  // What was allowed elsewhere needs no press here.
  each(document.querySelectorAll("[data-press]"), function (button) {
    window.setTimeout(function () { button.click(); }, 0);
  });
  // Each frame loads a page of ours and then the partner's: when all have, there is nothing to wait for.
  if (document.getElementById("leads-on")) {
    var frames = document.getElementsByTagName("iframe");
    var missing = 2 * frames.length;
    each(frames, function (frame) {
      frame.addEventListener("load", function () {
        if (--missing === 0) window.location.replace(document.getElementById("return").href);
      });
    });
  }

  // The sentence holds the seconds as its only number. Only the end is announced, not each second.
  each(document.querySelectorAll("[data-seconds]"), function (wait) {
    var end = Date.now() + 1000 * Number(wait.getAttribute("data-seconds"));
    var sentence = wait.textContent;
    var timer = window.setInterval(function () {
      var left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) { wait.textContent = sentence.replace(/\d+/, String(left)); return; }
      window.clearInterval(timer);
      wait.setAttribute("role", "status");
      wait.textContent = wait.getAttribute("data-ready");
    }, 1000);
  });
})();
