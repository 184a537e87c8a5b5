// Brings the worker of the hall into the device (secure addresses and localhost only: elsewhere browsers have none).
"use strict";
navigator.serviceWorker?.register(document.currentScript.dataset.worker, { updateViaCache: "none" }).catch(() => {});
