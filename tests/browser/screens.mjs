// Pictures of every page, at both widths, for the documentation.

import { execFileSync } from 'node:child_process'
import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

import { visit, widths } from './looking.mjs'
import { accountPages, pages, reached } from './pages.mjs'
import { filmReport } from './test_report.mjs'

const tallest = 2400 // pixels; what is below is more of the same

/** `only`: of pages whose name starts with one of these, between commas; `report` is the film. */
export async function takeScreens (site, partnership, folder, only = '') {
  mkdirSync(folder, { recursive: true })
  const starts = only.split(',')
  const isChosen = name => starts.some(start => name.startsWith(start))
  const files = isChosen('report') ? await filmReport(partnership, folder) : []
  const looks = [...pages.map(page => [site, page]), ...[...accountPages, ...reached].map(page => [partnership, page])]
  for (const [where, page] of looks.filter(([, { name, noPicture }]) => !noPicture && isChosen(name))) {
    for (const [widthName, viewport] of Object.entries(widths)) {
      await visit(where, page, { viewport, deviceScaleFactor: 1, reducedMotion: 'reduce' }, async tab => {
        await page.reach?.(tab, where)
        const path = join(folder, `${page.name}-${widthName}.png`)
        const height = await tab.evaluate(() => document.documentElement.scrollHeight)
        const clip = { x: 0, y: 0, width: viewport.width, height: Math.min(height, tallest) }
        await tab.screenshot({ path, fullPage: true, clip, animations: 'disabled' })
        files.push(path)
      })
    }
  }
  execFileSync('pngquant', ['--force', '--ext', '.png', '--strip', '--speed', '1', '32', '--', ...files])
  for (const path of files) console.log(`${path} ${statSync(path).size} bytes`)
  return true
}
