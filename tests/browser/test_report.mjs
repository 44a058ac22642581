// Reporting a concern as people do who have no mouse, no script, or a narrow screen.

import assert from 'node:assert/strict'
import { join } from 'node:path'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { nothing, runAxe } from './test_pages.mjs'
import { test } from './tap.mjs'

const start = { path: '/report' }
/** Press Tab until the focus is on what the selector means. */
async function moveTo (tab, selector) {
  for (let presses = 0; presses < 100; presses++) {
    await tab.keyboard.press('Tab')
    if (await tab.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
  }
  assert.fail(`the keyboard does not reach ${selector} on ${tab.url()}`)
}

async function check (tab, name, value) {
  await moveTo(tab, `[name="${name}"][value="${value}"]`)
  await tab.keyboard.press('Space')
}

/** Of radios Tab reaches the first; the arrows go on to the others. */
async function choose (tab, name, value) {
  await moveTo(tab, `[name="${name}"]`)
  await tab.keyboard.press('Space')
  for (let presses = 0; presses < 20; presses++) {
    if (await tab.evaluate(() => document.activeElement.value) === value) return
    await tab.keyboard.press('ArrowDown')
  }
  assert.fail(`the arrows do not reach ${value} of ${name}`)
}

async function type (tab, name, text) {
  await moveTo(tab, `[name="${name}"]`)
  await tab.keyboard.type(text)
}

async function goOn (tab) {
  await moveTo(tab, 'main form button')
  await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')])
}

/** What holds for every page of the form; axe-core itself needs scripts. */
async function lookAt (tab, { hasScripts = true } = {}) {
  nothing(await tab.evaluate(whatSticksOut))
  for (const colorScheme of hasScripts ? ['dark', 'light'] : []) {
    await tab.emulateMedia({ colorScheme })
    nothing((await runAxe(tab)).map(text => `${tab.url()}, ${colorScheme}: ${text}`))
  }
  assert.equal(await tab.locator('h1').count(), 1)
  assert.ok(await tab.locator('a[href="tel:999"]').isVisible())
  assert.ok(await tab.locator('.govuk-exit-this-page a').isVisible())
  const isAbove = await tab.evaluate(() => {
    const [number, heading] = ['a[href="tel:999"]', 'h1'].map(wanted => document.querySelector(wanted))
    return (number.compareDocumentPosition(heading) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0
  })
  assert.ok(isAbove, '999 comes before the heading')
  const isInFull = await tab.locator('main a[href="tel:101"]').count() > 0
  const first = await tab.locator('main .govuk-grid-column-two-thirds > :first-child').getAttribute('class')
  if (await tab.locator('.govuk-error-summary').count()) {
    assert.match(first, /govuk-error-summary/, 'what is wrong comes first')
  } else if (!isInFull && tab.viewportSize().width === widths.phone.width) {
    assert.ok((await tab.locator('h1').boundingBox()).y < 360, 'the question is in sight at once')
  }
}

async function isAt (tab, page) {
  assert.equal(new URL(tab.url()).pathname, page ? `/report/${page}` : '/report')
}

const script = '<script>document.title = "attacked"</script>'

const attack = { child: script, details: 'They come on Fridays. ' + script, who: script, vehicles: script }

/** From the start to the receipt; `settings` says with what, `keep` is given every page. */
async function fillIn (site, settings, { keep, texts = attack, ...looking } = {}) {
  await visit(site, start, { viewport: widths.phone, ...settings }, async (tab, complaints) => {
    const page = async name => {
      await isAt(tab, name)
      await lookAt(tab, looking)
      await keep?.(tab)
    }
    await page('')
    await moveTo(tab, 'main a.govuk-button--start')
    await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')])
    await page('what')
    await goOn(tab) // with nothing selected
    assert.match(await tab.title(), /^Error: /)
    await page('what')
    await check(tab, 'what', 'child')
    await check(tab, 'what', 'travel')
    await goOn(tab)
    await page('child')
    await choose(tab, 'child_danger', 'unsure')
    await goOn(tab)
    await page('child-about')
    await type(tab, 'child_about', texts.child)
    await goOn(tab)
    await page('travel')
    await check(tab, 'travel_how', 'train')
    await goOn(tab)
    await page('details')
    await type(tab, 'details', texts.details)
    await goOn(tab)
    await page('where')
    await type(tab, 'where', 'Lark')
    await goOn(tab)
    await page('where') // which of these?
    assert.ok(await tab.locator('[name="where-choice"]').count() > 1)
    assert.match(await tab.locator('main').innerText(), /council area[^]*neighbourhood/)
    await goOn(tab)
    assert.match(await tab.title(), /^Error: /)
    await page('where')
    await choose(tab, 'where-choice', await tab.locator('[name="where-choice"]').first().getAttribute('value'))
    await goOn(tab)
    await page('when')
    await choose(tab, 'when', 'regularly')
    await goOn(tab)
    await page('last')
    await type(tab, 'last-day', '31')
    await type(tab, 'last-month', '2')
    await type(tab, 'last-year', '2026')
    await goOn(tab)
    await page('last')
    await moveTo(tab, '[name="last-day"]')
    await tab.keyboard.press('Control+A')
    await tab.keyboard.type('1')
    await goOn(tab)
    await page('who')
    await type(tab, 'who', texts.who)
    await type(tab, 'vehicles', texts.vehicles)
    await goOn(tab)
    await page('safe')
    await choose(tab, 'safe', 'yes')
    await goOn(tab)
    await page('contact')
    await type(tab, 'contact-email', 'nobody')
    await goOn(tab)
    await page('contact')
    await moveTo(tab, '[name="contact-email"]')
    await tab.keyboard.press('Control+A')
    await tab.keyboard.type('sam@example.org')
    await goOn(tab)
    await page('check')
    const answers = (await tab.locator('main').innerText()).split('\n')
    assert.doesNotMatch(answers.join(), /\d\.\d\d, -?\d/, 'a place chosen by name shows no degrees')
    assert.equal(Object.values(texts).filter(text => answers.includes(text)).length, 4)
    await moveTo(tab, 'main a[href="/report/who?change=who"]')
    await Promise.all([tab.waitForNavigation(), tab.keyboard.press('Enter')])
    await page('who')
    await goOn(tab)
    await page('check')
    await goOn(tab)
    await page('done')
    assert.match(await tab.locator('.govuk-panel').innerText(), /[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/)
    await tab.reload()
    await page('done')
    assert.doesNotMatch(await tab.locator('main').innerText(), /[0-9A-Z]{4}-[0-9A-Z]{4}-/)
    assert.doesNotMatch(await tab.title(), /attacked/)
    nothing(complaints.filter(text => !text.includes('status of 400')))
  })
}

function testWelsh (site) {
  test('the report is Welsh throughout where Welsh was chosen', () =>
    visit(site, start, { viewport: widths.phone }, async tab => {
      await tab.locator('.govuk-language-navigation a').click()
      await tab.waitForLoadState()
      assert.equal(await tab.locator('html').getAttribute('lang'), 'cy')
      await lookAt(tab)
      await tab.locator('main a.govuk-button--start').click()
      await tab.waitForLoadState()
      await tab.locator('main form button').click()
      await tab.waitForSelector('.govuk-error-summary')
      await lookAt(tab)
      const text = await tab.locator('body').innerText()
      for (const english of ['Continue', 'Back', 'There is a problem', 'Error', 'Skip', 'Accessibility', 'Call']) {
        assert.ok(!text.includes(english), `the page says "${english}"`)
      }
    }))
}

function testExit (site) {
  test('the way out of the report is the second stop, and a link without scripts', () =>
    visit(site, { path: '/report/what' }, { javaScriptEnabled: false }, async tab => {
      await tab.keyboard.press('Tab')
      await tab.keyboard.press('Tab')
      const link = () => document.activeElement.getAttribute('href')
      assert.match(await tab.evaluate(link), /^https:/)
      assert.match(await tab.locator('.govuk-exit-this-page a').getAttribute('href'), /^https:/)
    }))
}

const told = {
  child: 'He is about 14 and has a new phone',
  details: 'They come on Fridays and wait at the station. He carries parcels for them.',
  who: 'A man of about 30 in a grey coat',
  vehicles: 'A blue van'
}

/** Pictures of the whole way, in order, as somebody sees it on a small phone without scripts. */
export async function filmReport (site, folder) {
  const files = []
  const keep = async tab => {
    const number = String(files.length + 1).padStart(2, '0')
    const page = new URL(tab.url()).pathname.split('/')[2] ?? 'start'
    const error = (await tab.title()).startsWith('Error') ? '-error' : ''
    files.push(join(folder, `report-${number}-${page}${error}.png`))
    await tab.screenshot({ path: files.at(-1), fullPage: true, animations: 'disabled' })
  }
  await fillIn(site, { javaScriptEnabled: false, deviceScaleFactor: 1 }, { hasScripts: false, keep, texts: told })
  return files
}

export function testReport (site) {
  test('a report is sent at 320 pixels by keyboard alone, without scripts', async () => {
      await fillIn(site, { javaScriptEnabled: false }, { hasScripts: false })
  })
  test('a report is sent at 320 pixels by keyboard alone, with scripts, in light and dark', async () => {
      await fillIn(site, {})
  })
  testWelsh(site)
  testExit(site)
}
