// Follows a piece of work: the bar moves as the server tells, and the page is loaded anew at the end.
// Without scripts the page does the same by loading itself every three seconds.
const bar = document.querySelector("progress[data-what]");
if (bar) {
  const said = document.getElementById("said");
  const aloud = document.getElementById("aloud");
  let told = 0;
  const events = new EventSource(`/events?what=${bar.dataset.what}`);
  events.onmessage = (event) => {
    const state = JSON.parse(event.data);
    if (!state.running) {
      events.close();
      location.reload();
      return;
    }
    if (state.total) {
      bar.max = state.total;
      bar.value = state.done;
    }
    said.textContent = state.said;
    const tenth = state.total ? Math.floor((10 * state.done) / state.total) : 0;
    if (tenth !== told) { // a screen reader hears of every tenth, not of every second
      told = tenth;
      aloud.textContent = state.said;
    }
  };
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) return;
    said.textContent = aloud.textContent =
      "The program does not answer. If it was stopped, start it again: what was finished is kept.";
  };
}
