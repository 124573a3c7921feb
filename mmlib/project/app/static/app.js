// Follows work that goes on: bars and sentences move as the server tells, and the page is loaded
// anew when its own work ends. Without scripts it does so by loading itself every three seconds.
const GONE = "The program does not answer. If it was stopped, start it again: what was finished is kept.";
const OTHER = "This page is of an earlier run of the program: open the address that the terminal shows.";

async function follow(at, show) {
  for (;;) {
    let state = { running: true, said: GONE };
    try {
      const answer = await fetch(`/state?what=${at.dataset.what}&started=${at.dataset.started}`);
      state = answer.ok ? await answer.json() : { running: true, said: OTHER };
    } catch { /* it may answer again */ }
    show(state);
    if (!state.running) return;
    await new Promise((go) => setTimeout(go, 700));
  }
}

for (const line of document.querySelectorAll("p[data-what]")) {
  follow(line, (state) => { line.querySelector("span").textContent = state.said; });
}

const bar = document.querySelector("progress[data-what]");
if (bar) {
  const said = document.getElementById("said");
  const aloud = document.getElementById("aloud");
  let told = 0;
  follow(bar, (state) => {
    if (!state.running) {
      location.reload();
      return;
    }
    if (state.total) {
      bar.max = state.total;
      bar.value = state.done;
    }
    said.textContent = state.said;
    // a screen reader hears of every tenth, not of every second
    const tenth = state.total ? Math.floor((10 * state.done) / state.total) : state.said === GONE ? -1 : 0;
    if (tenth !== told) {
      told = tenth;
      aloud.textContent = state.said;
    }
  });
}
