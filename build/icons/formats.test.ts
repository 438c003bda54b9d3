import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { toIcns, toIco } from './formats.mjs'

const resources = fileURLToPath(new URL('../../resources', import.meta.url))
const widthOf = (png: Buffer): number => {
  expect(png.subarray(1, 4).toString()).toBe('PNG')
  return png.readUInt32BE(16)
}

test('every committed icon has the size its name says', () => {
  const names = readdirSync(join(resources, 'icons'))
  expect(names).toContain('512x512.png')
  for (const name of names) expect(`${widthOf(readFileSync(join(resources, 'icons', name)))}`).toBe(name.split('x')[0])
})

test('an .ico points at each of its images', () => {
  const ico = readFileSync(join(resources, 'icon.ico'))
  const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index
    const offset = ico.readUInt32LE(at + 12)
    const width = widthOf(ico.subarray(offset, offset + ico.readUInt32LE(at + 8)))
    expect(ico.readUInt8(at)).toBe(width % 256)
    return width
  })
  expect(sizes).toEqual([16, 24, 32, 48, 64, 128, 256])
  expect(toIco([]).length).toBe(6)
})

test('an .icns consists of its entries, each with an image of its type’s size', () => {
  const icns = readFileSync(join(resources, 'icon.icns'))
  expect(icns.readUInt32BE(4)).toBe(icns.length)
  const types = []
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
    types.push([icns.toString('latin1', at, at + 4), widthOf(icns.subarray(at + 8))])
  expect(types).toContainEqual(['ic10', 1024])
  expect(types).toContainEqual(['ic07', 128])
  expect(toIcns([]).length).toBe(8)
})
