import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { root } from '../setup/paths.mjs'
import { holders, licenceTextOf, linkedParts, titleOf } from './linked.mjs'
import { nativeFiles } from './natives.mjs'
import { productBom } from './sbom.mjs'
import { isInstalled, thirdPartyNotices } from './shipped.mjs'

const targets = ['linux', 'darwin', 'win32'].flatMap((platform) => ['x64', 'arm64'].map((arch) => ({ platform, arch })))
const lockSchema = z.object({ packages: z.record(z.string(), z.object({ name: z.string().optional(), version: z.string().optional() })) })

const lockedVersions = () => {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')))
  return Object.entries(lock.packages).map(([place, about]) => ({
    name: about.name ?? place.split('node_modules/').at(-1),
    version: about.version,
  }))
}

describe('the list is for what is installed', () => {
  // Raised one of them? Look into its binaries and sources anew, and then change the list and its texts.
  test.each(holders)('$name $version', ({ name, version }) => {
    expect([
      ...new Set(
        lockedVersions()
          .filter((one) => one.name === name)
          .map((one) => one.version),
      ),
    ]).toEqual([version])
  })

  test('another version than the one it was made for stops the packaging', () => {
    expect(() => linkedParts({ name: 'hash-wasm', version: '99.0.0' })).toThrow('hash-wasm is 99.0.0')
    expect(linkedParts({ name: 'react', version: '99.0.0' })).toEqual([])
  })

  test.each(targets)('every binary for $platform $arch is of a package on it', ({ platform, arch }) => {
    const binaries = Object.entries(nativeFiles(platform, arch, { ownSqlite: false })).filter(([, files]) =>
      files.some((file) => file.endsWith('.node')),
    )
    const names = binaries.map(([name]) => (name === 'better-sqlite3' ? 'better-sqlite3-multiple-ciphers' : name))
    expect(names).toHaveLength(2)
    expect(holders.map(({ name }) => name)).toEqual(expect.arrayContaining(names))
  })
})

describe('binaries say the versions of the list', () => {
  const inside = (file: string) => readFileSync(join(root, 'node_modules', file)).toString('latin1')
  const marksOf = (name: string) => (holders.find((one) => one.name === name)?.parts ?? []).flatMap(({ mark }) => mark ?? [])

  test.each(targets)('database, $platform $arch', ({ platform, arch }) => {
    const text = inside(`better-sqlite3/prebuilds/${platform}-${arch}.node`)
    const marks = marksOf('better-sqlite3-multiple-ciphers')
    expect(marks).toHaveLength(2)
    expect(marks.filter((mark) => !text.includes(mark))).toEqual([])
  })

  const webrtc = holders.map(({ name }) => name).filter((name) => name.startsWith('@node-datachannel/'))
  test('WebRTC, of this system', () => {
    const here = webrtc.filter(isInstalled)
    expect(here.length).toBeGreaterThan(0)
    for (const name of here) {
      const text = inside(`${name}/node_datachannel.node`)
      // Microsoft's linker leaves libsrtp's version out, as nothing asks for it.
      const marks = marksOf(name).filter((mark) => !(name.includes('win32') && mark.startsWith('libsrtp')))
      expect(marks.filter((mark) => !text.includes(mark))).toEqual([])
      expect(marks.filter((mark) => mark.startsWith('OpenSSL '))).toHaveLength(1)
    }
  })
})

describe('what goes with a package', () => {
  const packages = holders.map(({ name, version }) => ({ name, version, license: 'MIT' }))
  const component = ({ name, version }: { name: string; version: string }) => ({ 'bom-ref': `${name}@${version}`, name, version })
  const all = {
    serialNumber: 'urn:uuid:random',
    metadata: { timestamp: 'now', component: component({ name: 'spacepanda', version: '0.1.0' }) },
    components: packages.map(component),
    dependencies: packages.map(({ name, version }) => ({ ref: `${name}@${version}`, dependsOn: [] })),
  }
  const bom = productBom(all, { packages, version: '0.1.0', electron: '45.4.1', time: '2026-01-01T00:00:00.000Z' })

  test.each(holders)('the bill of materials names each part of $name', ({ name, version, parts }) => {
    const nested = bom.components.find((one) => one.name === name)?.components ?? []
    expect(nested).toMatchObject(parts.map((part) => ({ type: 'library', name: part.name, purl: part.purl })))
    const refs = z.array(z.object({ 'bom-ref': z.string() })).parse(nested)
    expect(bom.dependencies.find(({ ref }) => ref === `${name}@${version}`)?.dependsOn).toEqual(refs.map((one) => one['bom-ref']))
  })

  test('and no reference stands for two things', () => {
    const refs = bom.dependencies.map(({ ref }) => ref)
    expect(new Set(refs).size).toBe(refs.length)
  })

  test.each(holders)('the licences name each part of $name, with its text', async (holder) => {
    // The texts of the packages themselves are not the matter here, and not all platforms' are installed.
    const place = 'node_modules/node-datachannel'
    const notices = await thirdPartyNotices([{ place, name: holder.name, version: holder.version, license: 'MPL-2.0' }], '45.4.1')
    for (const part of holder.parts) {
      expect(notices).toContain(`inside it, ${titleOf(part)}: ${part.license}`)
      expect(notices).toContain(await licenceTextOf(part))
    }
  })
})
