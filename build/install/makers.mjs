import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'

const tool = join(root, 'electron', 'updater', 'signing', 'main.ts')

/** The same for every key that lives as long as a test. */
export const passphrase = 'a passphrase for tests'

/** @param {string} node @param {readonly string[]} args @returns {Promise<string>} what it printed */
const sign = (node, args) =>
  new Promise((resolve, reject) => {
    const child = spawn(node, [tool, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (output += text))
    child.on('error', reject)
    child.on('close', (status) => (status === 0 ? resolve(output) : reject(new SetupError(`release:sign ended with ${status}`))))
    child.stdin.end(`${passphrase}\n`)
  })

/**
 * Three makers for tests, and Mallory, who is none: `NAME.key` of each, and what a test package is built with.
 * @param {string} node @param {string} folder
 * @returns {Promise<string>} a file like resources/updates.json
 */
export const makeTestMakers = async (node, folder) => {
  await mkdir(folder, { mode: 0o700 })
  /** @type {unknown[]} */
  const keys = []
  for (const name of ['Ada', 'Bo', 'Cy', 'Mallory']) {
    const said = await sign(node, ['new-key', name, join(folder, `${name}.key`)])
    keys.push(JSON.parse(said.trim().split('\n').at(-1) ?? ''))
  }
  const file = join(folder, 'updates.json')
  await writeFile(file, JSON.stringify({ url: 'https://updates.spacepanda.invalid/', keys: { serial: 0, keys: keys.slice(0, 3) } }))
  return file
}
