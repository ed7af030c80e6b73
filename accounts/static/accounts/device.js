// The device's own key: made here by WebCrypto, kept in IndexedDB, never readable. It signs a
// challenge of the server's when the device is enrolled and at each badge sign-in.
"use strict";

(() => {
  const DATABASE = "zhencheng-device";
  const STORE = "keys";
  const KEY_KIND = { name: "ECDSA", namedCurve: "P-256" };
  const SIGNING = { name: "ECDSA", hash: "SHA-256" };

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.addEventListener("success", () => resolve(request.result));
      request.addEventListener("error", () => reject(request.error));
    });

  const store = async (mode) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.addEventListener("upgradeneeded", () => opening.result.createObjectStore(STORE));
    return (await settled(opening)).transaction(STORE, mode).objectStore(STORE);
  };
  const kept = async (name) => settled((await store("readonly")).get(name));
  const keep = async (name, value) => settled((await store("readwrite")).put(value, name));

  const base64url = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-")
      .replaceAll("/", "_")
      .replaceAll("=", "");

  const signed = async (privateKey, text) =>
    base64url(await crypto.subtle.sign(SIGNING, privateKey, new TextEncoder().encode(text)));

  const challenge = async () => {
    const token = document.querySelector('meta[name="csrf-token"]');
    const answer = await fetch("/staff/device-challenge/", {
      method: "POST",
      headers: { "X-CSRFToken": token ? token.content : "" },
      credentials: "same-origin",
    });
    if (!answer.ok) throw new Error("no challenge");
    return (await answer.json()).challenge;
  };

  const trouble = () => {
    const notice = document.querySelector("[data-device-trouble]");
    if (notice) notice.hidden = false;
  };

  // Each fills the form's hidden fields.
  const fill = {
    async enrol(form) {
      const pair = await crypto.subtle.generateKey(KEY_KIND, false, ["sign"]);
      const publicKey = base64url(await crypto.subtle.exportKey("raw", pair.publicKey));
      const text = await challenge();
      form.elements.challenge.value = text;
      form.elements.public_key.value = publicKey;
      form.elements.signature.value = await signed(
        pair.privateKey,
        `zhencheng enrol 1\n${text}\n${publicKey}`,
      );
      await keep("coming", { privateKey: pair.privateKey });
    },
    async badge(form) {
      const device = await kept("this");
      const text = await challenge();
      form.elements.challenge.value = text;
      form.elements.device_id.value = device.id;
      form.elements.signature.value = await signed(
        device.privateKey,
        `zhencheng badge 1\n${text}\n${device.id}`,
      );
    },
  };

  const prove = async (form) => {
    try {
      await fill[form.dataset.device](form);
    } catch {
      window.kit?.tell("没有成功，请检查网络后再试。");
      return;
    }
    form.submit();
  };

  const ready = async (form) => {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      prove(form);
    });
    const badge = form.elements.badge_number;
    badge?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || form.elements.pin.value) return;
      event.preventDefault(); // a scanner ends with Enter; the PIN comes next
      form.elements.pin.focus();
    });
    badge?.focus();
    try {
      const isThere = window.isSecureContext && (badge ? await kept("this") : await store("readonly"));
      if (!isThere) trouble();
    } catch {
      trouble();
    }
  };

  // Enrolled: the key that was made for it becomes this device's.
  const settle = async (section) => {
    const words = section.querySelector("[data-device-kept]");
    try {
      const { privateKey } = await kept("coming");
      await keep("this", { id: section.dataset.deviceEnrolled, privateKey });
      words.textContent = "密钥已存好。";
    } catch {
      words.textContent = "密钥没有存下来，请管理员重新登记这台设备。";
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const form of document.querySelectorAll("form[data-device]")) ready(form);
    for (const section of document.querySelectorAll("[data-device-enrolled]")) settle(section);
  });
})();
