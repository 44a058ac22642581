// A report of concern from its sender to the officers and back, as people do it who have no mouse,
// no script, or a narrow screen; and every page that officers work with.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { test } from './tap.mjs'
import { nothing, runAxe } from './test_pages.mjs'
import { join } from './test_sign_in.mjs'

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

async function press (tab, selector) {
  await Promise.all([tab.waitForNavigation(), tab.locator(selector).last().click()])
}

/** Fill in the form, whose pages depend on the answers; gives the receipt code. */
async function report (site, settings) {
  const answers = {
    what: tab => tab.check('input[value=child]'),
    child: tab => tab.check('input[value=now]'),
    details: tab => tab.fill('textarea', 'He carries parcels to the flats.\nCall 07700 900123.'),
    when: tab => tab.check('input[value=unsure]'),
    safe: tab => tab.check('input[value=no]')
  }
  let code
  await visit(site, { path: '/report/what' }, settings, async tab => {
    for (let page = ''; page !== 'done'; page = new URL(tab.url()).pathname.split('/').at(-1)) {
      await answers[page || 'what']?.(tab)
      await press(tab, 'main form button')
    }
    code = await tab.locator('.govuk-panel strong').innerText()
  })
  return code
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

function invite (site, trefoil) {
  const said = execFileSync(trefoil, ['user', 'invite', 'olu@larkenshire.example', '--db', site.database,
    '--name', 'Olu Adeyemi', '--roles', 'intake-officer'], { encoding: 'utf8' })
  return new URL(/https?:\/\/\S+/.exec(said)[0]).pathname
}

/** What an officer does with a report, each page inspected. */
async function work (site, tab) {
  const open = async (name, path) => {
    await tab.goto(site.address + path)
    await inspect(tab, name)
  }
  await open('the queue', '/concerns')
  const path = await tab.locator('main table a').first().getAttribute('href')
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
  await open('the list', '/intelligence')
  await open('the statistics', '/concerns/statistics')
  return path
}

export function testConcerns (site, trefoil) {
  test('a report of concern goes to the officers and back, and axe finds nothing on the way', () =>
    visit(site, { path: invite(site, trefoil) }, {}, async tab => {
      await join(tab)
      const phone = { viewport: widths.phone, javaScriptEnabled: false }
      const code = await report(site, phone)
      const path = await work(site, tab)
      await comeBack(site, phone, code, 'The tall ones')
      await comeBack(site, {}, code, 'By the river')
      await tab.goto(site.address + path)
      assert.match(await tab.locator('main').innerText(), /Which flats\?[^]*The tall ones[^]*By the river/)
    }))
  test('a receipt is Welsh throughout, and changes its language without asking for the code again', async () => {
    const code = await report(site, {})
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
