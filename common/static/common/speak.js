// Says a call aloud: twice, one after another, never two at once. It hears "live:call" of live.js,
// whose data carries {ticket, room}; a name is never spoken.
//
// A browser speaks only after a tap ("开始叫号") and only with a Chinese voice; where there is none
// the page says so ("无语音"), because silence must not look like a quiet waiting room.
"use strict";

(() => {
  const TIMES = 2;
  const SPELLED = { 0: "零", 1: "幺", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九" };
  const waiting = [];
  let isStarted = false;
  let isSpeaking = false;

  const chineseVoice = () =>
    (window.speechSynthesis?.getVoices() ?? []).find((voice) => voice.lang.startsWith("zh"));

  const spell = (ticket) => [...String(ticket)].map((sign) => SPELLED[sign] ?? sign).join(" ");

  const showVoice = () => {
    for (const sign of document.querySelectorAll("[data-speak-silent]")) {
      sign.hidden = Boolean(chineseVoice());
    }
  };

  const sayNext = () => {
    if (!isStarted || isSpeaking || waiting.length === 0) return;
    const voice = chineseVoice();
    const words = new SpeechSynthesisUtterance(waiting.shift());
    words.lang = "zh-CN";
    words.voice = voice;
    words.rate = 0.9;
    isSpeaking = true;
    words.onend = words.onerror = () => {
      isSpeaking = false;
      sayNext();
    };
    window.speechSynthesis.speak(words);
  };

  document.addEventListener("live:call", (event) => {
    if (!isStarted || !chineseVoice()) return;
    const { ticket, room } = event.detail.data;
    for (let time = 0; time < TIMES; time += 1) {
      waiting.push(`请 ${spell(ticket)} 号，到 ${room}`);
    }
    sayNext();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speak-start]");
    if (!button) return;
    isStarted = true;
    button.hidden = true;
    showVoice();
  });

  window.speechSynthesis?.addEventListener("voiceschanged", showVoice);
  document.addEventListener("DOMContentLoaded", showVoice);
})();
