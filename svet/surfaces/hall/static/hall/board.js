// The board asks every second for what is new, says new calls aloud, and tells when the connection is lost.
"use strict";
(() => {
  const board = document.getElementById("board");
  const lost = document.getElementById("lost");
  const sound = document.getElementById("sound");
  const said = new Set([...board.querySelectorAll("[data-call]")].map((row) => row.dataset.call));
  const queue = [];
  let tag = "", since = Date.now(), failures = 0, audio = null, speaking = false;

  const letters = { "П": "пэ", "Н": "эн", "К": "ка", "Д": "дэ", "Л": "эль", "З": "зэ", "Ю": "ю" };
  const aloud = (label) => `${letters[label[0]] || label[0]} ${Number(label.slice(1))}`;

  const chime = () => {
    if (!audio || audio.state !== "running") return;
    [784, 988].forEach((tone, place) => {
      const voice = audio.createOscillator(), level = audio.createGain(), start = audio.currentTime + place * 0.25;
      voice.frequency.value = tone;
      level.gain.setValueAtTime(0.25, start);
      level.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
      voice.connect(level).connect(audio.destination);
      voice.start(start);
      voice.stop(start + 0.6);
    });
  };

  const speak = () => {
    if (speaking || !queue.length) return;
    speaking = true;
    const { label, window: desk } = queue.shift();
    chime();
    const next = () => { speaking = false; speak(); };
    if (!("speechSynthesis" in window)) {
      setTimeout(next, 1500);
      return;
    }
    const words = new SpeechSynthesisUtterance(`Номер ${aloud(label)}, окно ${desk}`);
    words.lang = "ru-RU";
    words.onend = words.onerror = next;
    setTimeout(() => speechSynthesis.speak(words), 900);
  };

  const show = (text) => {
    board.innerHTML = text;
    for (const row of board.querySelectorAll("[data-call]")) {
      if (said.has(row.dataset.call)) continue;
      said.add(row.dataset.call);
      row.classList.add("fresh");
      // After a long silence the calls are shown, not said: they are old.
      if (Date.now() - since < 30000) queue.push({ label: row.dataset.label, window: row.dataset.window });
    }
    speak();
  };

  const ask = async () => {
    try {
      const answer = await fetch(board.dataset.now, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store", signal: AbortSignal.timeout(5000) });
      if (answer.status === 404) location.reload();
      if (!answer.ok && answer.status !== 304) throw new Error(String(answer.status));
      if (answer.status === 200) {
        tag = answer.headers.get("ETag") || "";
        show(await answer.text());
      }
      since = Date.now();
      failures = 0;
      lost.hidden = true;
    } catch {
      failures += 1;
      if (failures === 3) {
        // By the board's own clock, which the server tells: a device's may be of another zone.
        lost.querySelector("span").textContent = board.querySelector(".clock").textContent;
        lost.hidden = false;
      }
    }
    setTimeout(ask, Math.min(1000 * 2 ** Math.max(failures - 3, 0), 10000));
  };

  // Browsers keep silent until somebody touched the page once, unless they run as a kiosk.
  const wake = () => {
    audio = audio || new AudioContext();
    audio.resume().then(() => { sound.hidden = audio.state === "running"; });
  };
  try {
    wake();
    sound.hidden = audio.state === "running";
    sound.addEventListener("click", wake);
  } catch { sound.hidden = true; }
  ask();
})();
