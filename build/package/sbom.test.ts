import { expect, test } from 'vitest'
import { productBom } from './sbom.mjs'

const component = (name: string, version: string) => ({
  'bom-ref': `${name}@${version}`,
  name,
  version,
  externalReferences: [{ type: 'distribution', url: 'https://somewhere' }],
})
const all = {
  bomFormat: 'CycloneDX',
  serialNumber: 'urn:uuid:random',
  metadata: { timestamp: 'now', component: { ...component('checkout', '0.1.0'), 'bom-ref': 'spacepanda@0.1.0' } },
  components: [component('react', '19.0.0'), component('vitest', '4.0.0'), component('zod', '4.6.7')],
  dependencies: [
    { ref: 'spacepanda@0.1.0', dependsOn: ['react@19.0.0', 'vitest@4.0.0'] },
    { ref: 'vitest@4.0.0', dependsOn: [] },
    { ref: 'react@19.0.0', dependsOn: [] },
  ],
}
const product = {
  packages: [{ name: 'react', version: '19.0.0' }],
  version: '0.1.0-test.1',
  electron: '33.2.1',
  time: '2026-01-01T00:00:00.000Z',
}

test('holds what is in the product and the runtime, and nothing of what only builds it', () => {
  const bom = productBom(all, product)
  expect(bom.components.map((one) => one['bom-ref'])).toEqual(['electron@33.2.1', 'react@19.0.0'])
  expect(bom.dependencies).toEqual([
    { ref: 'spacepanda@0.1.0', dependsOn: ['react@19.0.0'] },
    { ref: 'react@19.0.0', dependsOn: [] },
  ])
  expect(bom.metadata.component).toMatchObject({ name: 'spacepanda', version: '0.1.0-test.1' })
})

test('is the same for the same product, whenever and wherever it is made, and another for another', () => {
  const elsewhere = { ...all, serialNumber: 'urn:uuid:other', metadata: { ...all.metadata, timestamp: 'later' } }
  expect(productBom(elsewhere, product)).toEqual(productBom(all, product))
  expect(JSON.stringify(productBom(all, product))).not.toContain('somewhere')
  expect(productBom(all, { ...product, electron: '45.4.1' }).serialNumber).not.toBe(productBom(all, product).serialNumber)
})

test('something in the product that npm knows nothing of stops it', () => {
  expect(() => productBom(all, { ...product, packages: [{ name: 'unknown', version: '1.0.0' }] })).toThrow('unknown@1.0.0')
})
