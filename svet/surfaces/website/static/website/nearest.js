// «Ближайшие ко мне»: asks the phone where it is and opens the list from there. Without script the button is not there.
(() => {
  const button = document.querySelector("[data-nearest]");
  if (!button || !navigator.geolocation) return;
  const said = document.querySelector("[data-nearest-said]");
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = "Узнаём, где вы…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const address = new URL(button.dataset.nearest, location.href);
        address.searchParams.set("near", `${coords.latitude.toFixed(2)},${coords.longitude.toFixed(2)}`);
        location.assign(address);
      },
      () => { said.textContent = "Телефон не сказал, где вы. Напишите город."; },
      { timeout: 10000, maximumAge: 300000 },
    );
  });
})();
