// SPDX-License-Identifier: Apache-2.0
// The page behind check_session_iframe (OpenID Connect Session Management 1.0, 3.3): a partner's page asks whether who is
// logged in here is still whom its session_state tells of. It asks no server, and tells nothing but the one word.
(function () {
  "use strict";

  var name = document.currentScript.getAttribute("data-cookie") + "=";
  // Nothing to go by in a browser that keeps our cookies from other sites' pages: that is no logout.
  var seen = document.hasStorageAccess ? document.hasStorageAccess() : Promise.resolve(true);

  function state() {
    var own = document.cookie.split("; ").filter(function (one) { return one.indexOf(name) === 0; });
    return own.length === 1 ? own[0].slice(name.length) : "";
  }

  function base64url(bytes) {
    return btoa(String.fromCharCode.apply(null, bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function digest(text) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))
      .then(function (bits) { return base64url(new Uint8Array(bits)); });
  }

  function judge(asked, origin) {
    var salt = asked[2].split(".")[1];
    return digest([asked[1], origin, state(), salt].join(" ")).then(function (hash) {
      return hash + "." + salt === asked[2] ? "unchanged" : "changed";
    });
  }

  window.addEventListener("message", function (event) {
    var asked = /^([!-~]{1,256}) ([\w-]{43}\.[\w-]{1,64})$/.exec(String(event.data));

    function answer(word) { event.source.postMessage(word, event.origin); }

    if (!event.source || event.source === window || event.origin === "null") return;
    if (!asked) { answer("error"); return; }
    seen.then(function (open) { return open ? judge(asked, event.origin) : "error"; })
      .then(answer, function () { answer("error"); });
  });
})();
