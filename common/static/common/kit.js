// What every page needs: the CSRF token on htmx requests, one submit per tap, failures in words,
// the clock on a wall. Pages work without it.
"use strict";

(() => {
  const SHOWN_MS = 6000;
  const REFUSED = {
    0: "网络不通，刚才的操作没有送到。请检查网络后再试。",
    403: "登录已经失效，请重新进入。",
    404: "没有找到，可能已经过期。",
    409: "情况有变，请刷新后再试。",
    429: "操作太频繁，请稍等一会儿。",
  };

  const tell = (words) => {
    const status = document.getElementById("kit-status");
    if (!status) return;
    status.textContent = words;
    clearTimeout(tell.timer);
    tell.timer = setTimeout(() => {
      status.textContent = "";
    }, SHOWN_MS);
  };

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") {
      event.detail.headers["X-CSRFToken"] = token.content;
    }
  });

  // A refusal that comes as a fragment is shown where the answer would stand; a whole page is not.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    const isHtml = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
    const isPage = /^\s*<!doctype/i.test(xhr.responseText);
    if (xhr.status >= 400 && isHtml && !isPage) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  document.addEventListener("htmx:responseError", (event) => {
    tell(REFUSED[event.detail.xhr.status] || "没有成功，请稍后再试。");
  });
  document.addEventListener("htmx:sendError", () => tell(REFUSED[0]));

  // Two taps send one form. The server's idempotency key is the guard; this is a courtesy.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
    }
  });

  const hospitalTime = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      clock.textContent = hospitalTime.format(new Date());
    }
  };
  document.addEventListener("DOMContentLoaded", tick);
  setInterval(tick, 1000);

  window.kit = { tell };
})();
