import { expect, test } from 'vitest'
import { SetupError } from './progress.mjs'
import { librariesMissing, provideSystemPackages, type System } from './system-packages.mjs'

const onLinux = process.platform === 'linux'
const ok = (stdout = '') => Promise.resolve({ status: 0, stdout, stderr: '' })

interface Scene {
  programs: string[]
  root: boolean
  libraries?: boolean
  newNames?: boolean
  /** What apt-get brings; by default all that was asked for. */
  brings?: string[]
}

/** A machine that remembers what was run on it. */
const machine = ({ programs, root, libraries = true, newNames = false, brings = ['Xvfb', 'cc', 'c++'] }: Scene) => {
  const present = new Set(programs)
  const ran: string[] = []
  let hasLibraries = libraries
  const system: System = {
    has: (program) => present.has(program),
    isRoot: () => root,
    run: (program, args) => {
      const command = [program, ...args].join(' ')
      ran.push(command)
      if (program === 'ldd') return ok(hasLibraries ? '\tlibc.so.6 => /lib/libc.so.6 (0x0)\n' : '\tlibgtk-3.so.0 => not found\n')
      if (program === 'apt-cache') return ok(newNames ? '  Candidate: 1.0\n' : '  Candidate: (none)\n')
      if (command.includes('apt-get') && command.includes('install')) {
        for (const name of brings) present.add(name)
        hasLibraries = true
      }
      return ok()
    },
  }
  return { system, ran }
}

const everything = { window: '/opt/electron', display: true, compiler: true }

test('libraries that ldd does not find are named', () => {
  expect(librariesMissing('\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n\tlibgbm.so.1 => not found\n')).toEqual([
    'libnss3.so',
    'libgbm.so.1',
  ])
})

test.runIf(onLinux)('nothing is installed, nor a compiler asked for, when all is there', async () => {
  const { system, ran } = machine({ programs: ['Xvfb', 'apt-get'], root: true })
  await provideSystemPackages({ window: '/opt/electron', display: true, compiler: false }, system)
  expect(ran).toEqual(['ldd /opt/electron'])
})

test.runIf(onLinux)('root gets it installed, after a refresh, without questions', async () => {
  const { system, ran } = machine({ programs: ['apt-get'], root: true, libraries: false })
  await provideSystemPackages(everything, system)
  const commands = ran.filter((command) => command.includes('apt-get'))
  expect(commands).toHaveLength(2)
  expect(commands[0]).toMatch(/^env DEBIAN_FRONTEND=noninteractive apt-get .* update$/)
  expect(commands[1]).toMatch(/ install -y --no-install-recommends libgtk-3-0 libnss3 libasound2 .* dbus xvfb g\+\+$/)
})

test.runIf(onLinux)('newer names are used where the distribution has them', async () => {
  const { system, ran } = machine({ programs: ['apt-get'], root: true, libraries: false, newNames: true })
  await provideSystemPackages(everything, system)
  expect(ran.find((command) => command.includes(' install '))).toContain('libgtk-3-0t64 libnss3 libasound2t64')
})

test.runIf(onLinux)('sudo without a password will do', async () => {
  const { system, ran } = machine({ programs: ['apt-get', 'sudo'], root: false })
  await provideSystemPackages({ display: true }, system)
  expect(ran.at(-1)).toMatch(/^sudo -n env .* install -y --no-install-recommends xvfb$/)
})

test.runIf(onLinux)('an ordinary user is told one command, and nothing is touched', async () => {
  const { system, ran } = machine({ programs: ['apt-get'], root: false, libraries: false })
  const attempt = provideSystemPackages(everything, system)
  await expect(attempt).rejects.toThrow(SetupError)
  await expect(attempt).rejects.toThrow(/\n {2}sudo apt-get install -y libgtk-3-0 .*xvfb g\+\+\n$/)
  expect(ran.filter((command) => command.includes('apt-get'))).toEqual([])
})

test.runIf(onLinux)('what makes and installs an rpm is brought where either is missing', async () => {
  const { system, ran } = machine({ programs: ['apt-get', 'rpm'], root: true, brings: ['rpmbuild'] })
  await provideSystemPackages({ rpm: true }, system)
  expect(ran.at(-1)).toMatch(/ install -y --no-install-recommends rpm$/)
  const later = ran.length
  await provideSystemPackages({ rpm: true }, system)
  expect(ran).toHaveLength(later)
})

test.runIf(onLinux)('what apt did not bring is said', async () => {
  const { system } = machine({ programs: ['apt-get'], root: true, brings: [] })
  await expect(provideSystemPackages({ display: true }, system)).rejects.toThrow('Still missing after installing: xvfb')
})

test.runIf(onLinux)('without apt the missing things are named', async () => {
  const { system } = machine({ programs: [], root: true })
  await expect(provideSystemPackages({ display: true }, system)).rejects.toThrow('lacks what Debian calls xvfb')
})
