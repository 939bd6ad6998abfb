// What the demo's ad server has to offer, as it says itself.
const breakLength = 30; // s, of the demo
const most = 20; // answers, until they begin anew

async function order(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return answer.text();
}

const urlIn = (vast) => vast.match(/<VASTAdTagURI><!\[CDATA\[(.*?)\]\]>/)?.[1];
const adsIn = (vast) => [...vast.matchAll(/<Ad id="([^"]+)"[^>]*><InLine>/g)].map((m) => m[1]);

// The ads for the n-th break, behind as many wrappers as the demo's channels ask for.
async function offerFor(adServer, n) {
  let vast = await order(new URL(`/vast?d=${breakLength}&n=${n}&wrappers=2`, adServer));
  for (let depth = 0; depth < 2; depth += 1) {
    if (adsIn(vast).length) throw new Error('an ad lies before its wrappers');
    vast = await order(urlIn(vast));
  }
  return adsIn(vast);
}

// Whether the node went through all wrappers to get its ads, which is what the demo is to show.
export async function wentThroughWrappers(adServer) {
  const { asked } = JSON.parse(await order(new URL('/control', adServer)));
  return asked.ads > 0 && asked.wrappers >= 2 * asked.ads;
}

// Names of ads in the order of each answer, one answer for each break until they begin anew.
export async function readOffers(adServer) {
  const offers = [];
  for (let n = 0; n < most; n += 1) {
    const offer = await offerFor(adServer, n);
    if (n > 0 && offer.join() === offers[0].join()) return offers;
    offers.push(offer);
  }
  throw new Error(`${most} answers of the ad server, and no two are the same`);
}
