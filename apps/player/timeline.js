// The live window as a band: programme, ads by name, slate, what is announced, where the viewer is.

const ahead = 20_000;

function bar(kind, from, to, view, text = '') {
  const left = Math.max(0, (from - view.from) / view.span);
  const right = Math.min(1, (to - view.from) / view.span);
  if (right <= left) return null;
  const i = document.createElement('i');
  i.className = kind;
  i.style.left = `${left * 100}%`;
  i.style.width = `${(right - left) * 100}%`;
  i.textContent = right - left > 0.05 ? text : '';
  i.title = text;
  return i;
}

export function draw(box, { playlist, breaks, date, guided }) {
  if (!playlist?.segments.length) return;
  const first = Math.min(playlist.segments[0].start, date || Infinity);
  const edge = playlist.segments.at(-1).end;
  const view = { from: first, span: edge + ahead - first };
  const bars = [bar('content', first, edge, view)];
  for (const b of breaks) {
    const start = Date.parse(b.start);
    const planned = start + (b.duration ?? 0) * 1000;
    if (planned > edge) bars.push(bar('planned', Math.max(start, guided ? start : edge), planned, view, 'break'));
    for (const ad of b.ads) {
      const from = Date.parse(ad.start);
      const until = from + ad.duration * 1000;
      bars.push(bar(ad.kind, from, guided ? until : Math.min(until, Math.max(edge, from)), view, ad.name));
    }
  }
  const head = document.createElement('i');
  head.className = 'head';
  head.style.left = `${Math.min(1, Math.max(0, (date - view.from) / view.span)) * 100}%`;
  box.replaceChildren(...bars.filter(Boolean), head);
}
