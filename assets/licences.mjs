// The licences of what is bundled, as one text: their terms ask that they travel along.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const introduction = `Trefoil is free software under the GNU General Public License, version 3 or later.
Its web pages come with the works listed here, each under its own licence.
`

// Published without a file of their licence; the lines are those of their repositories.
const holders = {
  'govuk-frontend': 'Copyright (C) 2017 Crown Copyright (Government Digital Service)',
  'murmurhash-js': 'Copyright (c) 2011 Gary Court'
}

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`

const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/

/** The packages of the files, and those that these already hold: their source maps tell. */
function packagesOf (files) {
  const names = new Set()
  const add = path => {
    const match = inPackage.exec(path)
    if (match) names.add(match[1])
  }
  for (const file of files) {
    add(file)
    if (file.endsWith('.mjs') && existsSync(`${file}.map`)) {
      JSON.parse(readFileSync(`${file}.map`, 'utf8')).sources.forEach(add)
    }
  }
  return [...names].sort()
}

function licenceOf (name, folder) {
  const texts = readdirSync(folder)
    .filter(file => /^(licen[cs]e|copying|notice)/i.test(file))
    .map(file => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim())
  if (texts.length > 0) return texts.join('\n\n')
  if (holders[name]) return `${holders[name]}\n\n${mit}`
  throw new Error(`${name} comes without its licence: find it, and add it to assets/licences.mjs`)
}

/**
 * @param {string} modules - the folder node_modules
 * @param {Iterable<string>} files - absolute paths of what was bundled
 */
export function collect (modules, files) {
  const parts = [introduction]
  for (const name of packagesOf(files)) {
    const folder = join(modules, name)
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const title = `${name} ${version} (${license})`
    parts.push(`${title}\n${'='.repeat(title.length)}\n\n${licenceOf(name, folder)}\n`)
  }
  return parts.join('\n')
}
