import { fuzz } from './fuzz.ts'

/** A program of its own: it fuzzes a decoder that does not come back from some of its cases. */
const endless = (bytes: Uint8Array): boolean => {
  while (bytes.length > 3);
  return true
}
await fuzz({ name: 'endless', samples: [Uint8Array.of(1, 2, 3)], structure: null, decode: endless }, { seed: 3, cases: 1_000, hangMs: 500 })
