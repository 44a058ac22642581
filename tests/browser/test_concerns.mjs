// A report of concern from its sender to the officers and back, as people do it who have no mouse,
// no script, or a narrow screen; and every page that officers work with.

import assert from 'node:assert/strict'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { concern, press, report } from './partnership.mjs'
import { test } from './tap.mjs'
import { nothing, runAxe } from './test_pages.mjs'

/** axe-core in light and dark, and whether all fits, at both widths. */
async function inspect (tab, name) {
  const found = []
  for (const [width, viewport] of Object.entries(widths)) {
    await tab.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark']) {
      await tab.emulateMedia({ colorScheme })
      found.push(...(await runAxe(tab)).map(text => `${name}, ${width}, ${colorScheme}: ${text}`))
    }
    found.push(...(await tab.evaluate(whatSticksOut)).map(text => `${name}, ${width}: ${text}`))
  }
  nothing(found)
}

/** The receipt of a code, and a message about it. */
async function comeBack (site, settings, code, text) {
  await visit(site, { path: '/report/receipt' }, settings, async tab => {
    await tab.fill('#code', code.toLowerCase().replaceAll('-', ' '))
    await press(tab, 'main form button')
    await tab.fill('#text', text)
    await press(tab, 'main form button')
    assert.match(await tab.locator('main').innerText(), /Your message was sent/)
    assert.equal(new URL(tab.url()).search, '')
    nothing(await tab.evaluate(whatSticksOut))
    if (settings.javaScriptEnabled !== false) await inspect(tab, 'a receipt')
  })
}

/** What an officer does with a report, each page inspected. */
async function work (site, tab) {
  const open = async (name, path) => {
    await tab.goto(site.address + path)
    await inspect(tab, name)
  }
  await tab.goto(`${site.address}/concerns`)
  const numbers = await tab.locator('main th a').evaluateAll(links => links.map(link => Number(/\d+$/.exec(link.href)[0])))
  const path = `/concerns/${Math.max(...numbers)}`
  await open('a report', path)
  await tab.fill('#ask', 'Which flats?')
  await press(tab, 'button[value=ask]')
  await press(tab, 'button[value=close]')
  await inspect(tab, 'a report that was not closed')
  await open('a draft', `${path}/intelligence`)
  await tab.fill('#text', 'Write to someone@example.org')
  await press(tab, 'main form button')
  await inspect(tab, 'a draft without grades')
  for (const [name, value] of [['source', '2'], ['information', 'B'], ['handling', 'P']]) {
    await tab.check(`input[name=${name}][value="${value}"]`)
  }
  await press(tab, 'main form button')
  assert.match(await tab.locator('main').innerText(), /may tell who the source is/)
  await inspect(tab, 'a draft with an e-mail address')
  await tab.fill('#text', 'A young person carries parcels.')
  await press(tab, 'main form button')
  await inspect(tab, 'a draft that was saved')
  await press(tab, 'button[value=submit]')
  await inspect(tab, 'a report that was submitted')
  return path
}

/** @param {object} site - a partnership, filled */
export function testConcerns (site) {
  test('a report of concern goes to the officers and back, and axe finds nothing on the way', () =>
    visit(site, { path: '/concerns', as: 'colleague' }, {}, async tab => {
      const phone = { viewport: widths.phone, javaScriptEnabled: false }
      const text = 'He carries parcels to the flats.\nCall 07700 900123.'
      const code = await report(site, phone, concern('child', text))
      const path = await work(site, tab)
      await comeBack(site, phone, code, 'The tall ones')
      await comeBack(site, {}, code, 'By the river')
      await tab.goto(site.address + path)
      assert.match(await tab.locator('main').innerText(), /Which flats\?[^]*The tall ones[^]*By the river/)
    }))
  test('a receipt is Welsh throughout, and changes its language without asking for the code again', async () => {
    const code = await report(site, {}, concern('place', 'Parcels are left there.'))
    await visit(site, { path: '/report/receipt?language=cy' }, {}, async tab => {
      await tab.fill('#code', code)
      await press(tab, 'main form button')
      await inspect(tab, 'a Welsh receipt')
      const text = await tab.locator('body').innerText()
      for (const english of ['Send', 'Sent', 'Your', 'Waiting', 'Write', 'Messages', 'Back', 'Call']) {
        assert.ok(!text.includes(english), `the page says "${english}"`)
      }
      assert.equal(await tab.locator('html').getAttribute('lang'), 'cy')
      await press(tab, 'button[lang=en]')
      assert.equal(await tab.locator('html').getAttribute('lang'), 'en')
      assert.match(await tab.locator('main').innerText(), /Waiting to be read by an officer/)
      assert.ok(!tab.url().includes(code))
    })
  })
  test('a receipt code that is wrong is told where it is typed', () =>
    visit(site, { path: '/report/receipt' }, {}, async tab => {
      await tab.fill('#code', 'nonsense')
      await press(tab, 'main form button')
      assert.equal(await tab.locator('.govuk-error-message').count(), 1)
      await inspect(tab, 'a wrong receipt code')
    }))
}
