import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

interface Launch {
  executablePath: string
  args: string[]
}

const launch = JSON.parse(process.env['SPACEPANDA_E2E_EXECUTABLE'] ?? '{"executablePath":"","args":[]}') as Launch
const appFolder = launch.args.at(-1) ?? ''
const onLinux = process.platform === 'linux'
let base = ''
let profile = ''
let probe: ElectronApplication

beforeAll(async () => {
  base = mkdtempSync(join(process.env['SPACEPANDA_E2E_TMP'] ?? tmpdir(), 'sandbox-'))
  const folder = join(base, 'probe')
  cpSync(fileURLToPath(new URL('probe-app', import.meta.url)), folder, { recursive: true })
  mkdirSync(join(folder, 'dist'))
  cpSync(join(appFolder, 'dist', 'runtime.json'), join(folder, 'dist', 'runtime.json'))
  if (onLinux) execFileSync('chmod', ['-R', 'a+rX', folder])
  chmodSync(base, 0o700) // as mkdtemp makes it: the launcher has to open the way to the profile itself
  profile = join(base, 'profiles', 'alice')
  const env = { ...process.env, SPACEPANDA_DATA_DIR: profile } as Record<string, string>
  probe = await _electron.launch({
    executablePath: launch.executablePath,
    args: [...launch.args.slice(0, -1), folder],
    env,
    chromiumSandbox: true,
  })
}, 60_000)

afterAll(async () => {
  await probe.close()
})

interface ProcessFacts {
  pid: number
  command: string
  status: string
}

const factsOf = (pid: number): ProcessFacts => ({
  pid,
  command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
  status: readFileSync(`/proc/${pid}/status`, 'utf8'),
})

/** The process and all below it, by the kernel's own account. */
const familyOf = (ancestor: number): ProcessFacts[] => {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const file = `/proc/${name}/stat`
    if (!/^\d+$/.test(name) || !existsSync(file)) continue
    parents.set(Number(name), Number(/\) \S (\d+)/.exec(readFileSync(file, 'utf8'))?.[1]))
  }
  const below = (pid: number): number[] => [pid, ...[...parents].filter(([, parent]) => parent === pid).flatMap(([child]) => below(child))]
  return below(ancestor).map(factsOf)
}

test('the window draws', async () => {
  const page = await probe.firstWindow()
  expect(await page.getByRole('heading', { name: 'Probe' }).isVisible()).toBe(true)
})

test.runIf(onLinux)('every process belongs to an ordinary user, and pages run in the sandbox', async () => {
  await probe.firstWindow()
  const main = await probe.evaluate(() => process.pid)
  const family = familyOf(main)
  for (const { status } of family) expect(/^Uid:\s+(\d+)\s+(\d+)/m.exec(status)?.slice(1)).not.toContain('0')
  for (const { command } of family) expect(command).not.toContain('--no-sandbox')
  const renderers = family.filter(({ command }) => command.includes('--type=renderer'))
  expect(renderers.length).toBeGreaterThan(0)
  // 2: a seccomp filter is on, which Chromium only loads inside its sandbox.
  for (const { status } of renderers) expect(/^Seccomp:\s+(\d)/m.exec(status)?.[1]).toBe('2')
})

test('the native database opens in this runtime', async () => {
  const answer = await probe.evaluate((_, folder) => {
    const { askSqlite } = globalThis as unknown as { askSqlite: (folder: string) => { version: string; text: string } }
    return askSqlite(folder)
  }, appFolder)
  expect(answer).toEqual({ version: expect.stringMatching(/^3\./) as string, text: 'grüße' })
})

test.runIf(process.getuid?.() === 0)('the profile folder belongs to whom the window runs as', async () => {
  const uid = await probe.evaluate(() => process.getuid?.())
  expect(uid).toBeGreaterThan(0)
  expect(statSync(profile).uid).toBe(uid)
})
