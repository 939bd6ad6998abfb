// Sessions that tell of their ads themselves, and play nothing: what the node hands them to tell.
export class ToldToPlayers {
  #sessions = []; // { channel, mode, url }
  #ads = new Map(); // by channel, mode, n and ad: { id, events }

  static async open(url, combinations) {
    const out = new ToldToPlayers();
    for (const { channel, mode } of combinations) {
      const master = `${url}/v1/${channel}/master.m3u8?mode=${mode}&tracking=client`;
      const answer = await fetch(master);
      const folder = (await answer.text()).match(/^(s\/[^/]+\/)/m)?.[1];
      if (!folder) throw new Error(`${master} names no session`);
      out.#sessions.push({ channel, mode, url: new URL(`${folder}tracking.json`, answer.url) });
    }
    return out;
  }

  async look() {
    for (const { channel, mode, url } of this.#sessions) {
      const { avails } = await (await fetch(url)).json();
      for (const avail of avails)
        for (const ad of avail.ads) this.#take(`${channel} ${mode}`, avail.availId, ad);
    }
  }

  #take(who, id, ad) {
    for (const { eventType, beaconUrls } of ad.trackingEvents)
      for (const url of beaconUrls) {
        const query = new URL(url).searchParams;
        if (!query.get('session') || query.get('ad').startsWith('wrapper')) continue;
        const key = [who, query.get('n'), query.get('ad')].join(' ');
        if (!this.#ads.has(key)) this.#ads.set(key, { id, name: ad.adId, events: new Set() });
        if (query.get('event') !== eventType) throw new Error(`${url} is told of ${eventType}`);
        this.#ads.get(key).events.add(eventType);
      }
  }

  // The break and the events of an ad that the ad server offered in its n-th answer.
  find({ channel, mode }, n, ad) {
    return this.#ads.get([channel, mode, n, ad].join(' '));
  }
}
