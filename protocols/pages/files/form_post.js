// SPDX-License-Identifier: Apache-2.0
// Sends the form at once (OAuth 2.0 Form Post Response Mode). A field may be named "submit", hence the detour.
HTMLFormElement.prototype.submit.call(document.getElementById("form-post"));
