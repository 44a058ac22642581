// What all tests of a page do: open it as somebody would, and keep what the browser complains of.

import assert from 'node:assert/strict'

export const widths = { phone: { width: 320, height: 640 }, desktop: { width: 1280, height: 900 } }

/**
 * Open a page in a context of its own, do something, close it.
 *
 * @param {object} site - `browser` and `address`
 * @param {object} page - of pages.mjs; with `as`, somebody of site.people is signed in
 * @param {object} settings - of the browser's context: viewport, colorScheme, javaScriptEnabled ...
 * @param {(tab: object, complaints: string[]) => Promise<void>} look
 */
export async function visit (site, page, settings, look) {
  assert.equal(site.ended, null, site.ended ?? '')
  const storageState = page.as && site.people[page.as]
  const context = await site.browser.newContext({ viewport: widths.desktop, storageState, ...settings })
  try {
    const tab = await context.newPage()
    const complaints = []
    const expected = page.status ?? 200
    tab.on('console', message => {
      const isPageItself = message.text().includes(`status of ${expected}`)
      if (['error', 'warning'].includes(message.type()) && !isPageItself) complaints.push(message.text())
    })
    tab.on('pageerror', error => complaints.push(error.stack))
    tab.on('requestfailed', request => {
      // What a page still asked for when somebody went on is given up by the browser itself.
      const why = request.failure()?.errorText
      if (why !== 'net::ERR_ABORTED') complaints.push(`${request.url()}: ${why}`)
    })
    const response = await tab.goto(site.address + page.path)
    assert.equal(response.status(), expected, `${page.path} answers ${response.status()}`)
    if (page.follow) {
      await Promise.all([tab.waitForNavigation(), tab.locator(page.follow).first().click()])
    }
    if (settings.javaScriptEnabled !== false) {
      await tab.waitForSelector('body.govuk-frontend-supported')
      if (page.map) await tab.waitForSelector('.app-map--drawn', { timeout: 30000 })
    }
    await look(tab, complaints)
  } finally {
    await context.close()
  }
}

/** What sticks out to the right of the window, as far as it is not cut or scrolled by its own box. */
export function whatSticksOut () {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const isClipped = element => {
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflowX !== 'visible') return true
    }
    return false
  }
  return [...document.body.querySelectorAll('*')]
    .filter(element => element.getBoundingClientRect().right > width + 1 && !isClipped(element))
    .slice(0, 5)
    .map(element => `${element.tagName.toLowerCase()}.${element.getAttribute('class')} reaches ` +
      `${Math.round(element.getBoundingClientRect().right)} of ${width} pixels`)
    .concat('the page scrolls sideways')
}
