// How long the overview takes to show something over a slow line.

const runs = 5

// Lighthouse's "slow 4G": 150 ms there and back, 1.6 Mbit/s down, 750 kbit/s up.
const slow4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1.6e6 / 8,
  uploadThroughput: 750e3 / 8
}

async function measureOnce (site) {
  const context = await site.browser.newContext({ viewport: { width: 412, height: 823 } })
  try {
    const tab = await context.newPage()
    const devtools = await context.newCDPSession(tab)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', slow4G)
    await tab.goto(site.address + '/', { waitUntil: 'load' })
    await tab.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0)
    return await tab.evaluate(() => {
      const entry = performance.getEntriesByName('first-contentful-paint')[0]
      const bytes = performance.getEntries().reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0)
      return { paintMs: entry.startTime, bytes }
    })
  } finally {
    await context.close()
  }
}

/** First contentful paint with an empty cache, the median of five, and the bytes it took. */
export async function measureFirstPaint (site) {
  const measured = []
  for (let run = 0; run < runs; run++) measured.push(await measureOnce(site))
  measured.sort((a, b) => a.paintMs - b.paintMs)
  const { paintMs, bytes } = measured[Math.floor(runs / 2)]
  return {
    first_paint_ms: Math.round(paintMs),
    lowest_ms: Math.round(measured[0].paintMs),
    highest_ms: Math.round(measured.at(-1).paintMs),
    bytes
  }
}
