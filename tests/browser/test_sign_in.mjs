// Signing in, and what people with accounts see, as people do it who have no mouse, no script, or a
// narrow screen.

import assert from 'node:assert/strict'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { App, invite, passphrase } from './people.mjs'
import { test } from './tap.mjs'
import { nothing, runAxe } from './test_pages.mjs'

/** Press Tab until the focus is on what the selector means. */
async function moveTo (tab, selector) {
  for (let presses = 0; presses < 60; presses++) {
    await tab.keyboard.press('Tab')
    if (await tab.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
  }
  assert.fail(`the keyboard does not reach ${selector} on ${tab.url()}`)
}

async function type (tab, selector, text) {
  await moveTo(tab, selector)
  await tab.keyboard.type(text)
}

/** Send the form that has the focus, and see where it leads. */
async function send (tab, path) {
  await Promise.all([tab.waitForURL(url => url.pathname === path), tab.keyboard.press('Enter')])
}

/** Follow a link, choose a passphrase, set up codes: with the keyboard alone. */
async function join (tab) {
  await type(tab, '#passphrase', passphrase)
  await send(tab, '/sign-in/set-up')
  const app = new App(await tab.locator('.app-seed').innerText())
  await type(tab, '#code', await app.code())
  await tab.keyboard.press('Enter')
  await tab.waitForSelector('.app-codes')
  assert.equal(await tab.locator('.app-codes li').count(), 10)
  return app
}

async function signIn (tab, email, app) {
  await type(tab, '#email', email)
  await type(tab, '#passphrase', passphrase)
  await send(tab, '/sign-in/code')
  await type(tab, '#code', await app.code())
}

function testJourneys (site, trefoil) {
  for (const [words, settings] of [['with the keyboard alone', {}],
    ['without scripts', { javaScriptEnabled: false }],
    ['at 320 pixels', { viewport: widths.phone }]]) {
    const email = `ada.${words.replaceAll(' ', '.')}@larkenshire.example`
    test(`somebody joins, signs out and signs in ${words}`, () =>
      visit(site, { path: invite(site, trefoil, email, 'Ada Moss', 'administrator') }, settings, async tab => {
        const app = await join(tab)
        nothing(await tab.evaluate(whatSticksOut))
        await moveTo(tab, 'button.app-account__link').catch(() => tab.locator('button.app-account__link').focus())
        await send(tab, '/')
        assert.equal(await tab.locator('button.app-account__link').count(), 0)
        await tab.goto(`${site.address}/account`)
        assert.equal(new URL(tab.url()).pathname, '/sign-in')
        await signIn(tab, email, app)
        await send(tab, '/account')
        assert.match(await tab.locator('main').innerText(), /Ada Moss/)
      }))
  }
  test('who gets something wrong is led to it', () =>
    visit(site, { path: '/sign-in' }, {}, async tab => {
      await moveTo(tab, '#passphrase')
      await tab.keyboard.press('Enter')
      await tab.waitForSelector('.govuk-error-summary')
      assert.ok(await tab.evaluate(() => document.activeElement.matches('.govuk-error-summary')))
      await tab.locator('.govuk-error-summary a').first().focus()
      await tab.keyboard.press('Enter')
      assert.ok(await tab.evaluate(() => document.activeElement.matches('#email')))
      nothing(await runAxe(tab))
    }))
  test('the passphrase can be shown, and hides itself when it is sent', () =>
    visit(site, { path: '/sign-in' }, {}, async tab => {
      await tab.fill('#passphrase', 'what nobody sees')
      await moveTo(tab, '.govuk-password-input__toggle')
      await tab.keyboard.press('Enter')
      assert.equal(await tab.locator('#passphrase').getAttribute('type'), 'text')
      await tab.fill('#email', 'nobody@larkenshire.example')
      await tab.evaluate(() => document.querySelector('main form')
        .addEventListener('submit', event => { event.preventDefault() }))
      await tab.locator('main button[type=submit]').click()
      assert.equal(await tab.locator('#passphrase').getAttribute('type'), 'password')
    }))
}

/** axe-core in light and dark, and whether all fits, at both widths. */
async function inspect (tab, complaints) {
  const found = []
  for (const viewport of Object.values(widths)) {
    await tab.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark']) {
      await tab.emulateMedia({ colorScheme })
      found.push(...(await runAxe(tab)).map(text => `${viewport.width} pixels, ${colorScheme}: ${text}`))
    }
    found.push(...await tab.evaluate(whatSticksOut))
  }
  nothing([...found, ...complaints])
}

function testInspections (site, trefoil) {
  test('axe finds nothing on the way in of an administrator, and it fits', () =>
    visit(site, { path: invite(site, trefoil, 'cai@larkenshire.example', 'Cai Byrne', 'administrator') }, {},
      async (tab, complaints) => {
        await inspect(tab, complaints)
        await tab.fill('#passphrase', passphrase)
        await tab.locator('main button[type=submit]').click()
        await tab.waitForSelector('.app-seed')
        await inspect(tab, complaints)
        const app = new App(await tab.locator('.app-seed').innerText())
        await tab.fill('#code', await app.code())
        await tab.locator('main button[type=submit]').click()
        await tab.waitForSelector('.app-codes')
        await inspect(tab, complaints)
      }))
}

/** @param {object} site - a partnership @param {string} trefoil - the program */
export function testSigningIn (site, trefoil) {
  testJourneys(site, trefoil)
  testInspections(site, trefoil)
}
