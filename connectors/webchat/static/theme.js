// Sets light or dark before the first paint, when the person chose one. Runs in the head, so it is no module.
try {
  const theme = localStorage.getItem("daozhen.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the device decides.
}
