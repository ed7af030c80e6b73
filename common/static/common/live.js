// A part of a page that stays true: it listens to streams and asks for its fragment again.
//
//   <div data-live-url="/ws/v1/{hospital}/" data-live-stream="queue:{id}" data-live-since="12"
//        data-live-refresh="/url/of/fragment" data-live-ticket-url="/url/of/ticket">
//
// data-live-url         the websocket
// data-live-stream      the stream, or several with spaces between
// data-live-since       the number of the last event the page already shows, one for each stream
// data-live-refresh     (optional) the fragment that replaces the inside of the element
// data-live-ticket-url  (optional) POST answers {"ticket": "…"}; staff need none, they have a session
//
// First frame:   {"ticket": "…", "streams": {"queue:{id}": 12}}
// Frames:        {"stream", "number", "kind", "data", "made_at"} in order, with "after" where events
//                between were not for this reader: the number before it that was; {"beat": n} every 10 seconds
// Events:        "live" for each frame, "live:call" for a frame of kind "called" younger than two
//                minutes, "live:state" when the state changes; detail is the frame or the state.
// The element shows its state as data-live-state: connecting, live, stale, refused.
"use strict";

(() => {
  const SILENCE_MS = 20_000; // two heartbeats missed
  const LOST_MS = 5_000; // a socket that closed and did not come back
  const CALL_FRESH_MS = 120_000; // older calls are shown, not spoken
  const TICKET_MS = 10_000;
  const POLL_MS = 15_000; // while the socket is down the fragment is still asked for
  const WAIT_MS = { first: 500, most: 15_000 };
  const BEHIND_CODE = 4409; // before any frame: too far behind, only a fresh page will do
  const REFUSED_CODES = new Set([4401, 4403, 4404]);

  class Live {
    constructor(element) {
      this.element = element;
      this.since = this.readSince();
      this.tries = 0;
      this.heardAt = Date.now();
      this.isRefreshing = false;
      this.wantsRefresh = false;
      this.timers = {};
      this.setState("connecting");
      this.watchSilence();
      this.connect();
    }

    readSince() {
      const streams = this.element.dataset.liveStream.trim().split(/\s+/);
      const numbers = (this.element.dataset.liveSince || "").trim().split(/\s+/);
      return new Map(streams.map((stream, at) => [stream, Number(numbers[at] || 0)]));
    }

    // The socket

    async connect() {
      clearTimeout(this.timers.connect);
      if (this.isGone() || this.socket) return;
      const attempt = (this.attempt = Symbol("attempt"));
      let ticket = null;
      try {
        ticket = await this.fetchTicket();
      } catch (trouble) {
        if (this.attempt === attempt) this.afterLoss(trouble.isRefused);
        return;
      }
      if (this.attempt !== attempt || this.isGone()) return;
      this.open(ticket);
    }

    open(ticket) {
      const address = new URL(this.element.dataset.liveUrl, location.href);
      address.protocol = address.protocol.replace("http", "ws");
      const socket = new WebSocket(address);
      this.socket = socket;
      this.openedAt = Date.now();
      this.isUnheard = true;
      socket.addEventListener("open", () => {
        const first = { streams: Object.fromEntries(this.since) };
        if (ticket) first.ticket = ticket;
        socket.send(JSON.stringify(first));
      });
      socket.addEventListener("message", (message) => {
        if (this.socket === socket) this.hear(JSON.parse(message.data));
      });
      socket.addEventListener("close", (event) => {
        if (this.socket !== socket) return;
        this.socket = null;
        if (event.code === BEHIND_CODE && this.isUnheard) location.reload();
        else this.afterLoss(REFUSED_CODES.has(event.code));
      });
    }

    async fetchTicket() {
      const address = this.element.dataset.liveTicketUrl;
      if (!address) return null;
      const token = document.querySelector('meta[name="csrf-token"]')?.content;
      const answer = await fetch(address, {
        method: "POST",
        credentials: "same-origin",
        headers: { Accept: "application/json", ...(token && { "X-CSRFToken": token }) },
        signal: AbortSignal.timeout(TICKET_MS),
      });
      if (answer.ok) return (await answer.json()).ticket;
      const trouble = new Error(`ticket ${answer.status}`);
      trouble.isRefused = [401, 403, 404].includes(answer.status);
      throw trouble;
    }

    afterLoss(isRefused) {
      if (isRefused) {
        this.setState("refused");
        return;
      }
      this.timers.lost ??= setTimeout(() => {
        this.timers.lost = undefined;
        if (this.socketIsQuiet()) this.setState("stale");
      }, LOST_MS);
      const most = Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** this.tries);
      this.tries += 1;
      this.timers.connect = setTimeout(() => this.connect(), most / 2 + (Math.random() * most) / 2);
    }

    again() {
      const socket = this.socket;
      this.socket = null;
      this.attempt = null;
      socket?.close();
      clearTimeout(this.timers.connect);
      this.connect();
    }

    socketIsQuiet() {
      const isOpen = this.socket?.readyState === WebSocket.OPEN;
      return !isOpen || Date.now() - this.heardAt >= SILENCE_MS;
    }

    // A half-open socket (Wi-Fi gone) closes nothing: only silence tells.
    watchSilence() {
      this.timers.silence = setInterval(() => {
        if (this.isGone()) return;
        if (this.state === "refused") return;
        if (Date.now() - this.heardAt < SILENCE_MS) return;
        this.setState("stale");
        if (this.socket && Date.now() - this.openedAt >= SILENCE_MS) this.again();
      }, 1_000);
      this.timers.poll = setInterval(() => this.state === "stale" && this.refresh(), POLL_MS);
    }

    isGone() {
      if (this.element.isConnected) return false;
      clearInterval(this.timers.silence);
      clearInterval(this.timers.poll);
      clearTimeout(this.timers.connect);
      clearTimeout(this.timers.lost);
      const socket = this.socket;
      this.socket = null;
      socket?.close();
      return true;
    }

    // What is heard

    hear(frame) {
      if (this.isGone()) return;
      this.heardAt = Date.now();
      this.tries = 0;
      this.isUnheard = false;
      clearTimeout(this.timers.lost);
      this.timers.lost = undefined;
      if (this.state === "stale") this.refresh();
      this.setState("live");
      if (frame.stream !== undefined) this.take(frame);
    }

    take(frame) {
      const since = this.since.get(frame.stream);
      if (since === undefined || frame.number <= since) return; // not ours, or known already
      if ((frame.after ?? frame.number - 1) > since && frame.kind !== "snapshot") {
        this.again(); // a gap: ask again from what we have
        return;
      }
      this.since.set(frame.stream, frame.number);
      this.element.dataset.liveSince = [...this.since.values()].join(" ");
      this.dispatch("live", frame);
      if (frame.kind === "called" && this.isFresh(frame)) this.dispatch("live:call", frame);
      this.refresh();
    }

    isFresh(frame) {
      return Date.now() - Date.parse(frame.made_at ?? frame.data?.at) < CALL_FRESH_MS;
    }

    // What is shown

    refresh() {
      const address = this.element.dataset.liveRefresh;
      if (!address || !window.htmx) return;
      if (this.isRefreshing) {
        this.wantsRefresh = true;
        return;
      }
      this.isRefreshing = true;
      const after = () => {
        this.isRefreshing = false;
        if (!this.wantsRefresh) return;
        this.wantsRefresh = false;
        this.refresh();
      };
      window.htmx
        .ajax("GET", address, { source: this.element, target: this.element, swap: "innerHTML" })
        .then(after, after);
    }

    setState(state) {
      if (this.state === state) return;
      this.state = state;
      this.element.dataset.liveState = state;
      if (state === "stale") this.staleFrom = new Date(this.heardAt);
      this.showBanner();
      this.dispatch("live:state", state);
    }

    showBanner() {
      const banner = document.querySelector("[data-live-stale]");
      if (!banner) return;
      banner.hidden = !document.querySelector(
        '[data-live-state="stale"], [data-live-state="refused"]',
      );
      const words = banner.querySelector("[data-live-stale-since]");
      if (!words || banner.hidden) return;
      const time = new Date(this.heardAt).toLocaleTimeString("zh-CN", {
        timeZone: "Asia/Shanghai",
        hour: "2-digit",
        minute: "2-digit",
        hour12: false,
      });
      words.textContent =
        this.state === "refused" ? "登录已经失效，请重新进入。" : `下面是 ${time} 的情况。`;
    }

    dispatch(name, detail) {
      this.element.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
    }
  }

  const known = new WeakMap();
  const begin = () => {
    for (const element of document.querySelectorAll("[data-live-url]")) {
      if (!known.has(element)) known.set(element, new Live(element));
    }
  };
  const wake = () => {
    for (const element of document.querySelectorAll("[data-live-url]")) {
      const live = known.get(element);
      if (live && live.state !== "refused" && (!live.socket || live.state === "stale")) live.again();
    }
  };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
  document.addEventListener("htmx:load", begin);
  window.addEventListener("online", wake);
  window.addEventListener("pageshow", (event) => event.persisted && wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") wake();
  });
})();
