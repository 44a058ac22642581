// Choosing the point of a place on the map of a form, by mouse and by keyboard.

import assert from 'node:assert/strict'

import { visit, whatSticksOut, widths } from './looking.mjs'
import { nothing, runAxe } from './test_pages.mjs'
import { test } from './tap.mjs'

const degrees = ['latitude', 'longitude']

/** From the first page to the one that asks where. */
async function goToWhere (tab) {
  await tab.locator('[name=what][value=dealing]').check()
  await tab.locator('main form button').last().click()
  await tab.waitForURL(/\/details/)
  await tab.locator('[name=details]').fill('They come on Fridays.')
  await tab.locator('main form button').last().click()
  await tab.waitForURL(/\/where/)
}

async function openMap (tab) {
  await tab.locator('main form summary').click()
  await tab.waitForSelector('.app-point--drawn', { timeout: 30000 })
}

async function pointOf (tab) {
  return await Promise.all(degrees.map(part => tab.locator(`[name="where-${part}"]`).inputValue()))
}

const readout = tab => tab.locator('.app-map__readout').innerText()

/** Whether the map has painted what is kept of a point; runs in the browser. */
async function hasPainted (tab) {
  const picture = await tab.locator('.app-point__canvas canvas').screenshot()
  return await tab.evaluate(async base64 => {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    // The colour of focus, yellow: much red and green, less blue; nothing else on the map has it.
    for (let i = 0; i < data.length; i += 4) if (data[i] > data[i + 2] + 60) return true
    return false
  }, picture.toString('base64'))
}

async function painted (tab) {
  for (let tries = 0; tries < 50; tries++) {
    if (await hasPainted(tab)) return
    await tab.waitForTimeout(100)
  }
  assert.fail('the map does not show the point')
}

function testMouse (site) {
  test('a click on the map of a form gives a coarse point, and nobody else is asked', () =>
    visit(site, { path: '/report/what' }, {}, async (tab, complaints) => {
      const asked = []
      tab.on('request', request => asked.push(request.url()))
      await goToWhere(tab)
      assert.ok(!asked.some(url => /map|boundaries/.test(url)), 'the map is not loaded before it is opened')
      await openMap(tab)
      const outlines = asked.filter(url => url.includes('/api/')).length
      assert.equal(outlines, 1)
      assert.ok(!await hasPainted(tab))
      const canvas = tab.locator('.app-point__canvas canvas')
      const box = await canvas.boundingBox()
      await canvas.click({ position: { x: box.width * 0.4, y: box.height * 0.6 } })
      const coarse = await pointOf(tab)
      for (const text of coarse) assert.match(text, /^-?\d+\.\d\d$/)
      assert.match(await readout(tab), /about 1 kilometre near/)
      await painted(tab)
      await tab.locator('[name="where-exact"]').check()
      const exact = await pointOf(tab)
      for (const [i, text] of exact.entries()) {
        assert.match(text, /^-?\d+\.\d{5}$/)
        assert.ok(Math.abs(text - coarse[i]) <= 0.00501, `${text} is rounded to ${coarse[i]}`)
      }
      await tab.locator('[name="where-exact"]').uncheck()
      assert.deepEqual(await pointOf(tab), coarse)
      for (let zooms = 0; zooms < 3; zooms++) await tab.locator('.maplibregl-ctrl-zoom-in').click()
      await tab.waitForTimeout(1000)
      assert.ok(asked.every(url => url.startsWith(site.address + '/') || /^(blob|data):/.test(url)), asked.join('\n'))
      assert.equal(asked.filter(url => url.includes('/api/')).length, 1, 'where somebody looks is not asked about')
      await tab.locator('main form button').last().click()
      await tab.waitForURL(/\/when/)
      await tab.goto(site.address + '/report/where')
      await tab.waitForSelector('.app-point--drawn') // what was chosen is shown again
      assert.deepEqual(await pointOf(tab), coarse)
      await painted(tab)
      nothing(complaints)
    }))
}

/** Press Tab until the focus is on what the selector means. */
async function moveTo (tab, selector) {
  for (let presses = 0; presses < 100; presses++) {
    await tab.keyboard.press('Tab')
    if (await tab.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return
  }
  assert.fail(`the keyboard does not reach ${selector}`)
}

function testKeyboard (site) {
  test('at 320 pixels the arrow keys move the map of a form below a cross, whose point is used', () =>
    visit(site, { path: '/report/what' }, { viewport: widths.phone, reducedMotion: 'reduce' }, async (tab, complaints) => {
      await goToWhere(tab)
      await moveTo(tab, 'main form summary')
      await tab.keyboard.press('Enter')
      await tab.waitForSelector('.app-point--drawn', { timeout: 30000 })
      await moveTo(tab, '.app-point__canvas canvas')
      await tab.keyboard.press('Enter')
      const [first] = await pointOf(tab)
      await tab.keyboard.press('ArrowUp')
      await tab.waitForFunction(() => document.querySelector('.app-map__readout').textContent.startsWith('The cross'))
      const cross = await readout(tab)
      await moveTo(tab, '.app-point > button')
      await tab.keyboard.press('Enter')
      const [latitude, longitude] = await pointOf(tab)
      assert.ok(Number(latitude) > Number(first), `${latitude} is north of ${first}`)
      assert.ok(cross.includes(`${latitude}, ${longitude}`), cross)
      await painted(tab)
      for (const colorScheme of ['dark', 'light']) {
        await tab.emulateMedia({ colorScheme })
        nothing(await runAxe(tab))
      }
      nothing(await tab.evaluate(whatSticksOut))
      await moveTo(tab, 'main form > button')
      await tab.keyboard.press('Enter')
      await tab.waitForURL(/\/when/)
      nothing(complaints)
    }))
}

function testTyping (site) {
  test('a point that is typed is shown on the map of a form, in Welsh too', () =>
    visit(site, { path: '/report/what?language=cy' }, {}, async tab => {
      await goToWhere(tab)
      await openMap(tab)
      await tab.locator('.app-point > button').click()
      assert.match(await readout(tab), /^Rydych wedi dewis tua 1 cilometr ger \d/)
      const middle = await pointOf(tab)
      await painted(tab)
      await tab.locator('[name="where-latitude"]').fill('')
      await tab.waitForTimeout(500)
      assert.ok(!await hasPainted(tab))
      await tab.locator('[name="where-latitude"]').fill(middle[0])
      await painted(tab)
      const text = await tab.locator('.app-point').innerText()
      assert.ok(!/Use this|Tap or|cross/.test(text), text)
      assert.equal(await tab.locator('.maplibregl-ctrl-zoom-in').getAttribute('aria-label'), 'Chwyddo')
    }))
}

function testWithoutWebGl (site) {
  test('without WebGL a form asks for the point as without scripts', () =>
    visit(site, { path: '/report/what' }, {}, async tab => {
      await tab.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null })
      await goToWhere(tab)
      await tab.locator('main form summary').click()
      await tab.waitForLoadState('networkidle')
      assert.equal(await tab.locator('.app-point > *').count(), 0)
      assert.ok(await tab.locator('[name="where-latitude"]').isVisible())
    }))
}

export function testPointMap (site) {
  testMouse(site)
  testKeyboard(site)
  testTyping(site)
  testWithoutWebGl(site)
}
