import { createHash } from 'node:crypto'
import { root } from '../setup/paths.mjs'
import { SetupError } from '../setup/progress.mjs'
import { lastWords, npm } from '../setup/run.mjs'
import { linkedParts } from './linked.mjs'

/** @typedef {{ name: string, value: string }} Property */
/** @typedef {{ 'bom-ref': string, name: string, version?: string, properties?: Property[], externalReferences?: unknown[], components?: unknown[], [more: string]: unknown }} Component */
/** @typedef {{ serialNumber: string, metadata: { timestamp: string, component: Component, [more: string]: unknown }, components: Component[], dependencies: { ref: string, dependsOn: string[] }[], [more: string]: unknown }} Bom CycloneDX 1.5 */

/**
 * What npm says of all that is installed, cut down to what is in the product, with the runtime added and what is compiled
 * into packages, and the same for the same content: no time but the commit's, no number but its own digest, no address
 * somebody fetched it from.
 * @param {Bom} all
 * @param {object} product
 * @param {readonly { name: string, version: string }[]} product.packages
 * @param {string} product.version
 * @param {string} product.electron its version
 * @param {string} product.time ISO 8601
 * @returns {Bom}
 */
export const productBom = (all, { packages, version, electron, time }) => {
  const inside = new Map(packages.map((about) => [`${about.name}@${about.version}`, componentsInside(about)]))
  const wanted = new Set(inside.keys())
  const components = all.components
    .filter((component) => wanted.delete(component['bom-ref']))
    .map(({ externalReferences: _, ...rest }) => {
      const parts = inside.get(rest['bom-ref']) ?? []
      return parts.length === 0 ? rest : { ...rest, components: parts }
    })
  if (wanted.size > 0) throw new SetupError(`In the product, but unknown to npm: ${[...wanted].join(', ')}.`)
  /** @type {Component} */
  const runtime = {
    type: 'framework',
    'bom-ref': `electron@${electron}`,
    name: 'electron',
    version: electron,
    purl: `pkg:npm/electron@${electron}`,
  }
  const refs = new Set([...components.map((component) => component['bom-ref']), all.metadata.component['bom-ref']])
  const refsInside = (/** @type {string} */ ref) => (inside.get(ref) ?? []).map((part) => part['bom-ref'])
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: [...dependsOn.filter((other) => refs.has(other)), ...refsInside(ref)] }))
    .flatMap((one) => [one, ...refsInside(one.ref).map((ref) => ({ ref, dependsOn: [] }))])
  const { externalReferences: _, ...component } = all.metadata.component
  const metadata = { ...all.metadata, timestamp: time, component: { ...component, name: 'spacepanda', version } }
  const bom = { ...all, metadata, components: [runtime, ...components], dependencies }
  const digest = createHash('sha256')
    .update(JSON.stringify([metadata, bom.components, dependencies]))
    .digest('hex')
  return { ...bom, serialNumber: `urn:uuid:${uuidFrom(digest)}` }
}

/** What is compiled into a package, as components of its own. @param {{ name: string, version: string }} about @returns {Component[]} */
const componentsInside = (about) =>
  linkedParts(about).map(({ name, version, license, purl, cpe, source }) => ({
    type: 'library',
    'bom-ref': `${about.name}@${about.version}#${name.toLowerCase().replaceAll(' ', '-')}`,
    name,
    ...(version === null ? {} : { version }),
    licenses: [license.includes(' ') ? { expression: license } : { license: { id: license } }],
    ...(cpe === undefined ? {} : { cpe }),
    purl,
    externalReferences: [{ type: 'website', url: source, comment: 'source code' }],
  }))

/** RFC 9562 §5.8: a version of one's own making. @param {string} hex */
const uuidFrom = (hex) => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`

/** All that package-lock.json has. @returns {Promise<Bom>} */
export const readBom = async () => {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only']
  const done = await npm(args, { cwd: root })
  if (done.status !== 0) throw new SetupError(`npm sbom failed:\n${lastWords(done)}`)
  return /** @type {Bom} */ (JSON.parse(done.stdout))
}
