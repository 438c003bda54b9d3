import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, afterEach, expect, test } from 'vitest'

const main = join(import.meta.dirname, 'main.ts')
let folder = ''
let packages = ''
const at = (name: string): string => join(folder, name)

/** The tool as it is run, with a passphrase piped in; what it printed. Fails as it does. */
const run = (passphrase: string, ...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(stderr))
    })
    child.stdin?.end(`${passphrase}\n`)
  })

const makeKeys = async (names: readonly string[]) => {
  const keys: unknown[] = []
  for (const name of names) {
    const said = await run(`the passphrase of ${name}`, 'new-key', name, at(`${name}.key`))
    keys.push(JSON.parse(said.trim().split('\n').at(-1) ?? ''))
  }
  return keys
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signing-'))
  packages = at('packages')
  await mkdir(packages)
  await writeFile(join(packages, 'spacepanda_1.3.0_amd64.deb'), 'a package')
  await writeFile(join(packages, 'spacepanda-1.3.0.x86_64.rpm'), 'which cannot update itself')
  await writeFile(at('notes.txt'), 'What changed.\n')
})
afterEach(() => rm(folder, { recursive: true }))

const prepare = (...more: string[]) =>
  run('', 'prepare', packages, '--version', '1.3.0', '--notes', at('notes.txt'), '--out', at('release.json'), ...more)
const sign = (name: string, file = 'release.json') =>
  run(`the passphrase of ${name}`, 'sign', at(file), '--key', at(`${name}.key`), '--packages', packages)
const verify = (keys: string, file = 'release.json') => run('', 'verify', at(file), '--keys', at(keys), '--packages', packages)

test('two makers sign one after the other, each with packages of their own, and it verifies only then', async () => {
  await writeFile(at('updates.json'), JSON.stringify({ url: 'https://x/', keys: { serial: 0, keys: await makeKeys(['Ada', 'Bo', 'Cy']) } }))
  expect((await stat(at('Ada.key'))).mode & 0o777).toBe(0o600)
  const kept = JSON.parse(await readFile(at('Ada.key'), 'utf8')) as Record<string, string>
  expect(Object.keys(kept).sort()).toEqual(['format', 'nonce', 'salt', 'sealed', 'tag'])
  const said = await prepare('--rollout', '20')
  expect(said).toContain('for 20 % of all installations')
  expect(said).not.toContain('rpm')
  await expect(verify('updates.json')).rejects.toThrow('signed by nobody')
  expect(await sign('Ada')).toContain('the same bytes: spacepanda_1.3.0_amd64.deb')
  await expect(verify('updates.json')).rejects.toThrow('signed by Ada')
  await expect(sign('Ada')).rejects.toThrow('signed it already')
  await expect(run('not that passphrase', 'sign', at('release.json'), '--key', at('Cy.key'), '--packages', packages)).rejects.toThrow(
    'does not open',
  )
  await expect(run('', 'sign', at('release.json'), '--key', at('Cy.key'))).rejects.toThrow('have not compared')
  await sign('Cy')
  expect(await verify('updates.json')).toContain('Signed by Ada and Cy.')

  await writeFile(join(packages, 'spacepanda_1.3.0_amd64.deb'), 'A package')
  await expect(verify('updates.json')).rejects.toThrow('Other bytes than announced')
  await expect(sign('Bo')).rejects.toThrow('Other bytes than announced')

  expect(await run('', 'renew', at('release.json'), '--rollout', '100')).toContain('for 100 %')
  await expect(run('', 'verify', at('release.json'), '--keys', at('updates.json'))).rejects.toThrow('signed by nobody')
})

test('nobody signs a Linux package that they did not make, unless they say so', async () => {
  await makeKeys(['Ada'])
  await writeFile(join(packages, 'spacepanda_1.3.0_arm64.deb'), 'for the other processor')
  await writeFile(join(packages, 'SpacePanda-Setup-1.3.0-x64.exe'), 'which nobody else can make')
  await prepare()
  for (const name of ['spacepanda_1.3.0_arm64.deb', 'SpacePanda-Setup-1.3.0-x64.exe']) await rm(join(packages, name))
  await expect(sign('Ada')).rejects.toThrow('--not-compared spacepanda_1.3.0_arm64.deb')
  const own = ['--key', at('Ada.key'), '--packages', packages, '--not-compared', 'spacepanda_1.3.0_arm64.deb']
  expect(await run('the passphrase of Ada', 'sign', at('release.json'), ...own)).toContain('carries 1 of the 2')
})

test.each([
  'spacepanda_1.2.0_arm64.deb',
  'spacepanda_11.3.0_arm64.deb',
  'spacepanda_1.3.0.1_arm64.deb',
  'spacepanda_1.3.0-test.1_arm64.deb',
])('what lies there of another version is not announced as this one: %s', async (name) => {
  await writeFile(join(packages, name), 'an old package')
  await expect(prepare()).rejects.toThrow(`${name} is not of version 1.3.0`)
})

test('keys are replaced by a statement that two of the old makers sign, and announcements carry it along', async () => {
  const old = await makeKeys(['Ada', 'Bo', 'Cy'])
  const [dee] = await makeKeys(['Dee'])
  await writeFile(at('old.json'), JSON.stringify({ serial: 0, keys: old }))
  await writeFile(at('new.json'), JSON.stringify({ serial: 1, keys: [old[0], old[1], dee] }))
  await run('', 'state-keys', at('new.json'), at('rotation.json'))
  await sign('Bo', 'rotation.json')
  await expect(verify('old.json', 'rotation.json')).rejects.toThrow('signed by Bo')
  await sign('Cy', 'rotation.json')
  expect(await verify('old.json', 'rotation.json')).toContain('Signed by Bo and Cy.')
  await expect(verify('new.json', 'rotation.json')).rejects.toThrow('signed by Bo and 1 unknown') // those who are named do not vouch for themselves
  await prepare('--rotations', at('rotation.json'))
  await sign('Dee')
  await sign('Ada')
  expect(await verify('old.json')).toContain('Signed by Dee and Ada.')
  expect(await verify('new.json')).toContain('Signed by Dee and Ada.')
})

test('a weak passphrase makes no key, a key is never written over, and what is no announcement is not signed', async () => {
  await expect(run('short', 'new-key', 'Ada', at('Ada.key'))).rejects.toThrow('at least 12')
  await makeKeys(['Ada'])
  await expect(run('the passphrase of Ada', 'new-key', 'Ada', at('Ada.key'))).rejects.toThrow('EEXIST')
  await writeFile(at('release.json'), '{}')
  await expect(sign('Ada')).rejects.toThrow('neither an announcement')
  await writeFile(at('notes.txt'), 'colours: \u001B[31m')
  await expect(prepare()).rejects.toThrow('cannot be announced')
})
