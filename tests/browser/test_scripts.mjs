// What scripts add: values of charts, the map that moves, the progress of an upload.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

import { visit } from './looking.mjs'
import { pages } from './pages.mjs'
import { test } from './tap.mjs'

const named = name => pages.find(page => page.name === name)

function testCharts (site) {
  test('an arrow key reads a chart, mark by mark', () =>
    visit(site, named('profile'), {}, async tab => {
      const chart = tab.locator('.app-chart-keys:visible').first()
      await chart.focus()
      await tab.keyboard.press('Home')
      const spoken = chart.locator('xpath=..').locator('[role=status]')
      const first = await spoken.innerText()
      assert.match(first, /\d/)
      assert.equal(await chart.locator('xpath=..').locator('.app-chart-tip').innerText(), first)
      await tab.keyboard.press('ArrowRight')
      assert.notEqual(await spoken.innerText(), first)
      await tab.keyboard.press('ArrowLeft')
      assert.equal(await spoken.innerText(), first)
      await tab.keyboard.press('Escape')
      assert.ok(await chart.locator('xpath=..').locator('.app-chart-tip').isHidden())
    }))
  test('pointing at a chart shows the value of the nearest mark', () =>
    visit(site, named('profile'), {}, async tab => {
      const mark = tab.locator('.app-chart-keys:visible [data-value]').first()
      await mark.scrollIntoViewIfNeeded()
      const box = await mark.boundingBox()
      await tab.mouse.move(box.x + box.width / 2, box.y + box.height / 2 + 3)
      assert.equal(await tab.locator('.app-chart-tip:visible').innerText(), await mark.getAttribute('data-value'))
    }))
}

/** The colours of a picture; runs in the browser, which has a decoder. */
async function coloursOf (base64) {
  const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
  const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
  context.drawImage(image, 0, 0)
  const colours = new Set()
  const { data } = context.getImageData(0, 0, image.width, image.height)
  for (let i = 0; i < data.length; i += 4) colours.add(`rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`)
  return [...colours]
}

function testMap (site) {
  test('choosing an area on the map says its value and links to its page', () =>
    visit(site, named('profile'), {}, async tab => {
      const select = tab.locator('.app-map__choice select')
      const name = await select.locator('option').nth(3).innerText()
      const code = await select.locator('option').nth(3).getAttribute('value')
      await select.selectOption(code)
      assert.match(await tab.locator('.app-map__readout').innerText(), new RegExp(`^${name}: .*\\d`))
      await tab.locator('.app-map__readout a').click()
      assert.equal(new URL(tab.url()).pathname, `/areas/${code}`)
    }))
  test('a click on the map leads to an area', () =>
    visit(site, named('profile'), {}, async tab => {
      await tab.locator('.app-map__canvas canvas').click()
      await tab.waitForURL(/\/areas\/X\d+/)
    }))
  test('the map paints the classes of its legend', () =>
    visit(site, named('profile'), {}, async tab => {
      const picture = await tab.locator('.app-map__canvas canvas').screenshot()
      const painted = new Set(await tab.evaluate(coloursOf, picture.toString('base64')))
      const values = JSON.parse(await tab.locator(`#${await tab.locator('.app-map').getAttribute('data-values')}`).textContent())
      const classes = new Set(Object.values(values).map(value => value.class ?? 'none'))
      assert.ok(classes.size > 3, 'the county has areas of many classes')
      for (const number of classes) {
        const colour = await tab.locator(`.app-legend__key--${number}`)
          .evaluate(element => getComputedStyle(element).backgroundColor)
        assert.ok(painted.has(colour), `the map shows class ${number}, ${colour}`)
      }
    }))
  test('without WebGL the drawn map stays', async () => {
    const context = await site.browser.newContext()
    try {
      const tab = await context.newPage()
      await tab.addInitScript(() => { HTMLCanvasElement.prototype.getContext = () => null })
      await tab.goto(site.address + named('profile').path)
      await tab.waitForLoadState('networkidle') // and still nothing has taken its place
      assert.ok(await tab.locator('.app-map svg').isVisible())
      assert.equal(await tab.locator('.app-map--interactive').count(), 0)
    } finally {
      await context.close()
    }
  })
}

function testUpload (site) {
  const street = join(site.county, 'police')
  const month = readdirSync(street).sort().at(-1)
  const file = join(street, month, readdirSync(join(street, month)).find(name => name.endsWith('-street.csv')))

  test('an upload tells how far it is and ends at the page of its import', () =>
    visit(site, named('import'), {}, async tab => {
      await tab.setInputFiles('form[data-upload] input[type=file]', file)
      await tab.locator('form[data-upload] button[type=submit], form[data-upload] button:not([type])').first().click()
      await tab.waitForURL(/\/imports\/[0-9a-f]+$/, { timeout: 30000 })
      await tab.waitForFunction(() => !document.querySelector('[data-import]'), null, { timeout: 60000 })
      assert.match(await tab.locator('main').innerText(), /\d/)
    }))
  test('an upload of nothing comes back with what is wrong, and the focus on it', () =>
    visit(site, named('import'), {}, async tab => {
      await tab.locator('form[data-upload] button[type=submit], form[data-upload] button:not([type])').first().click()
      await tab.waitForSelector('.govuk-error-summary')
      assert.match(await tab.title(), /^Error: /)
      assert.ok(await tab.evaluate(() => document.activeElement?.classList.contains('govuk-error-summary')))
    }))
}

export function testScripts (site) {
  testCharts(site)
  testMap(site)
  testUpload(site)
}
