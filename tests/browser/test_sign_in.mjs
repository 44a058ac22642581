// Signing in, and what people with accounts see, as people do it who have no mouse, no script, or a
// narrow screen.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { test } from './tap.mjs'
import { nothing, runAxe } from './test_pages.mjs'

const passphrase = 'correct horse battery staple'

/** An app for one-time codes (RFC 6238) with a seed in base32; each code is good once. */
class App {
  constructor (seed) {
    let bits = ''
    for (const letter of seed.replaceAll(/\s/g, '')) {
      bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')
    }
    this.key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
    this.lastStep = 0n
  }

  // The code of the next step is good already, the one after it is not yet.
  async code () {
    const now = () => BigInt(Math.floor(Date.now() / 30000))
    while (this.lastStep > now()) await new Promise(resolve => setTimeout(resolve, 500))
    this.lastStep = this.lastStep >= now() ? this.lastStep + 1n : now()
    const step = Buffer.alloc(8)
    step.writeBigUInt64BE(this.lastStep)
    const mac = createHmac('sha1', this.key).update(step).digest()
    const number = (mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1000000
    return String(number).padStart(6, '0')
  }
}

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

/** The path of a new administrator's link. */
function invite (site, trefoil, email, name) {
  const said = execFileSync(trefoil, ['user', 'invite', email, '--db', site.database, '--name', name,
    '--roles', 'administrator'], { encoding: 'utf8' })
  return new URL(/https?:\/\/\S+/.exec(said)[0]).pathname
}

/** Follow a link, choose a passphrase, set up codes: with the keyboard alone. */
export async function join (tab) {
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
      visit(site, { path: invite(site, trefoil, email, 'Ada Moss') }, settings, async tab => {
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

// What is looked at before somebody is signed in, and as an administrator.
const open = [
  { name: 'sign-in', path: '/sign-in' },
  { name: 'a link that is over', path: '/invitation/none', status: 404 }
]
const administrators = [
  '/account', '/account/passphrase', '/account/recovery-codes', '/sign-in/set-up', '/admin',
  '/admin/accounts', '/admin/accounts/new', '/admin/accounts/2', '/admin/accounts/2/roles',
  '/admin/organisations', '/admin/organisations/new', '/admin/organisations/1', '/import'
].map(path => ({ name: path, path }))

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
  for (const page of open) {
    test(`axe finds nothing on ${page.name}, and it fits`, () => visit(site, page, {}, inspect))
  }
  let storageState
  test('axe finds nothing on the way in of an administrator, and it fits', () =>
    visit(site, { path: invite(site, trefoil, 'bea@larkenshire.example', 'Bea Holt') }, {},
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
        storageState = await tab.context().storageState()
      }))
  for (const page of administrators) {
    test(`axe finds nothing on ${page.name} of an administrator, and it fits`, () => {
      assert.ok(storageState, 'an administrator has signed in before')
      return visit(site, page, { storageState }, inspect)
    })
  }
}

/** @param {object} site - a partnership @param {string} trefoil - the program */
export function testSigningIn (site, trefoil) {
  testJourneys(site, trefoil)
  testInspections(site, trefoil)
}
