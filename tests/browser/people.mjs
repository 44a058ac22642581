// People with accounts: how they join, and how they stay signed in from one test to the next.

import { execFileSync, spawnSync } from 'node:child_process'
import { createHmac } from 'node:crypto'

import { visit } from './looking.mjs'

export const passphrase = 'correct horse battery staple'

/** An app for one-time codes (RFC 6238) with a seed in base32; each code is good once. */
export class App {
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

/** The path of a new account's link. */
export function invite (site, trefoil, email, name, roles, organisation = 'Larkenshire Council') {
  const said = execFileSync(trefoil, ['user', 'invite', email, '--db', site.database, '--name', name,
    '--roles', roles, '--organisation', organisation], { encoding: 'utf8' })
  return new URL(/https?:\/\/\S+/.exec(said)[0]).pathname
}

/** Confirm somebody who has joined, at the machine; not everybody has a role that needs it. */
export function confirm (site, trefoil, email) {
  spawnSync(trefoil, ['user', 'confirm', email, '--db', site.database])
}

/**
 * Somebody who has followed an invitation, chosen a passphrase and set up codes.
 *
 * @returns {Promise<object>} what the browser keeps of being signed in, for `visit`'s settings
 */
export async function letIn (site, path) {
  let storageState
  await visit(site, { path }, { javaScriptEnabled: false }, async tab => {
    const send = () => tab.locator('main button[type=submit]').first().click()
    await tab.fill('#passphrase', passphrase)
    await send()
    await tab.waitForSelector('.app-seed')
    await tab.fill('#code', await new App(await tab.locator('.app-seed').innerText()).code())
    await send()
    await tab.waitForSelector('.app-codes')
    storageState = await tab.context().storageState()
  })
  return storageState
}
