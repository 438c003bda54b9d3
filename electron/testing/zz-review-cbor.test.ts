import { it } from 'vitest'
import { encode, decode } from 'cborg'
import { z } from 'zod'
import { fromCbor, toCbor } from '../kernel/cbor.ts'
const cat = (...p: Uint8Array[]) => new Uint8Array(Buffer.concat(p))
const t = (s: string) => encode(s)
it('proto', () => {
  const s = z.strictObject({ a: z.number(), b: z.number().optional() })
  const cases: Record<string, Uint8Array> = {
    prim: cat(new Uint8Array([0xa2]), t('a'), encode(1), t('__proto__'), encode(5)),
    map: cat(new Uint8Array([0xa2]), t('a'), encode(1), t('__proto__'), encode({ b: 7 })),
    onlyproto: cat(new Uint8Array([0xa1]), t('__proto__'), encode({ a: 1, b: 7 })),
    arr: cat(new Uint8Array([0xa2]), t('a'), encode(1), t('__proto__'), encode([1,2])),
  }
  for (const [n, bytes] of Object.entries(cases)) {
    const got = fromCbor(bytes, s)
    console.log(n, got, got && Buffer.from(toCbor(got)).equals(Buffer.from(bytes)))
    console.log('unknown', n, fromCbor(bytes, z.unknown()))
  }
})
it('cost', () => {
  const big = (b: Uint8Array, n: string) => { const a = performance.now(); const r = fromCbor(b, z.unknown()); console.log(n, r === null, b.length, (performance.now() - a).toFixed(1)) }
  // 65535 floats
  const f = [new Uint8Array([0x99, 0xff, 0xf0])]
  for (let i = 0; i < 65520; i++) f.push(new Uint8Array([0xfb, 0x3f, 0xf1, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a]))
  big(cat(...f), 'floats')
  // map with huge keys sharing prefix 
  const keys: Uint8Array[] = []
  for (let i = 0; i < 200; i++) keys.push(encode('a'.repeat(10000) + String(i).padStart(4, '0')), encode(0))
  big(cat(new Uint8Array([0xb9, 0, 200]), ...keys), 'keys')
  big(toCbor('x'.repeat(2_000_000)), 'text')
  big(toCbor(new Uint8Array(2_000_000)), 'bytes')
  const many: Record<string, number> = {}
  for (let i = 0; i < 32000; i++) many['k' + i] = i
  big(toCbor(many), 'map')
  big(new Uint8Array(2_000_000).fill(0x81), 'deep')
  big(toCbor(Array.from({length: 65000}, () => 'x'.repeat(28))), 'texts')
})
