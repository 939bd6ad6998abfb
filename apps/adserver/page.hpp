// The page that shows the pixels as they come.
#pragma once

namespace interlude::adserver {

inline constexpr auto page = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>interlude-adserver</title>
<style>
  body { font: 14px/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 70em; padding: 0 1em; color: #222 }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; padding: .25em .6em; border-bottom: 1px solid #ddd; vertical-align: top }
  td.url { font-family: ui-monospace, monospace; word-break: break-all }
  tr.again td { background: #fff0d8 }
</style>
<h1>Pixels</h1>
<p><span id="count">0</span> requests, <span id="again">0</span> of them repeated.
  <button id="clear">Clear</button></p>
<table>
  <thead><tr><th>time</th><th>pixel</th><th>times</th><th>headers</th></tr></thead>
  <tbody id="rows"></tbody>
</table>
<script>
  const [count, again, rows, clear] = ['count', 'again', 'rows', 'clear'].map((id) => document.getElementById(id));
  const cell = (row, text, name) => {
    const td = row.insertCell();
    td.textContent = text;
    if (name) td.className = name;
  };
  async function show() {
    const answer = await (await fetch('pixels')).json();
    count.textContent = answer.count;
    again.textContent = answer.duplicates;
    rows.replaceChildren();
    for (const p of answer.pixels.slice(0, 200)) {
      const row = rows.insertRow();
      if (p.times > 1) row.className = 'again';
      cell(row, p.time.slice(11, 23));
      cell(row, p.url, 'url');
      cell(row, p.times);
      cell(row, Object.entries(p.headers).map(([k, v]) => `${k}: ${v}`).join('\n'));
    }
  }
  clear.onclick = async () => { await fetch("pixels/clear", { method: "POST" }); show(); };
  setInterval(show, 1000);
  show();
</script>
</html>
)";

}  // namespace interlude::adserver
