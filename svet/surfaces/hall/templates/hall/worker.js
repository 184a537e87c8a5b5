{% load static %}// The worker of the hall's screens: a device started without the network shows our page, not the browser's error.
// It keeps only that page and what it is drawn with. Nothing of a visitor is kept; all the rest goes as without it.
"use strict";
const page = "{% url 'hall:offline' %}", name = "hall";
const kept = [page, {% for one in assets %}"{% static one %}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(kept.map((one) => new Request(one, { cache: "reload" })))));
});

// Files of older versions go when the new ones are there.
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.open(name).then(async (cache) => {
    for (const one of await cache.keys()) if (!kept.includes(new URL(one.url).pathname)) await cache.delete(one);
  }));
});

const opened = async (request) => {
  try {
    const answer = await fetch(request);
    // A proxy says so of itself when the site behind it does not answer.
    if (![502, 503, 504].includes(answer.status)) return answer;
  } catch { /* no network */ }
  return caches.match(page);
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.destination === "document") event.respondWith(opened(request));
  else if (request.method === "GET" && kept.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});
