// Runs in the page: looks at the picture ten times a second and remembers what it saw, and when on
// the programme's clock.
export const sampler = () => {
  const samples = [];
  const breaks = new Map();
  const colours = {
    red: [200, 30, 30],
    green: [30, 160, 60],
    blue: [40, 70, 210],
    slate: [90, 90, 90],
  };
  const canvas = document.createElement('canvas');
  canvas.width = 64;
  canvas.height = 36;
  const pen = canvas.getContext('2d', { willReadFrequently: true });

  function classify(video) {
    pen.drawImage(video, 0, 0, 64, 36);
    // The upper middle: ads are of one colour there, the programme is a test pattern.
    const { data } = pen.getImageData(24, 4, 32, 10);
    const mean = [0, 0, 0];
    const n = data.length / 4;
    for (let i = 0; i < data.length; i += 4)
      for (let c = 0; c < 3; c += 1) mean[c] += data[i + c] / n;
    let spread = 0;
    for (let i = 0; i < data.length; i += 4)
      for (let c = 0; c < 3; c += 1) spread += Math.abs(data[i + c] - mean[c]) / n / 3;
    if (spread > 12) return 'content';
    for (const [name, rgb] of Object.entries(colours))
      if (rgb.every((v, c) => Math.abs(v - mean[c]) < 28)) return name;
    return 'content';
  }

  // Guided ads may play in an element of their own.
  const onScreen = () =>
    [...document.querySelectorAll('video')].find(
      (v) => v.readyState >= 2 && v.videoWidth > 0 && !v.paused && v.checkVisibility(),
    );

  // hls.js's own clock; around guided breaks it has none, and the page's is taken.
  function programmeDate(player) {
    const guided = player.hls.interstitialsManager?.events.length > 0;
    return guided ? player.now().date : (player.hls.playingDate?.getTime() ?? 0);
  }

  function look() {
    const player = window.interlude;
    if (!player?.stats.started) return;
    const video = onScreen();
    const date = programmeDate(player);
    if (video && date) samples.push({ t: performance.now(), date, colour: classify(video) });
  }

  async function ask() {
    const session = window.interlude?.session;
    if (session) {
      const answer = await fetch(`${session}tracking.json`)
        .then((r) => r.json())
        .catch(() => null);
      for (const b of answer?.breaks ?? []) if (b.ads.length) breaks.set(b.id, b);
    }
    setTimeout(ask, 1500);
  }

  setInterval(look, 100);
  setTimeout(ask, 1000);
  window.collected = () => ({
    samples,
    breaks: [...breaks.values()],
    stalls: window.interlude?.stats.stalls ?? [],
    errors: window.interlude?.stats.errors ?? [],
  });
};
