// A shared tablet that nobody touches shows the sign-in again. The server ends the session anyway.
"use strict";

(() => {
  const place = document.querySelector("[data-idle-seconds]");
  if (!place) return;
  const away = () => window.location.replace(place.dataset.idleUrl);
  let timer;
  const touched = () => {
    clearTimeout(timer);
    timer = setTimeout(away, Number(place.dataset.idleSeconds) * 1000);
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    document.addEventListener(kind, touched, { passive: true, capture: true });
  }
  touched();
})();
