import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalBytes } from '../../kernel/bytes.ts'
import { MAX_FRAME_BYTES } from './constants.ts'
import { encodeFrame, FrameDecoder, FrameError, frameParts, HEADER_BYTES, joinBytes, type Frame } from './frame.ts'

const frame = (size: number, id = 7): Frame => ({ kind: 'request', id, body: new Uint8Array(size).map((_, i) => i % 251) })

/** `toEqual` takes seconds for bodies of this size. */
function expectFrames(given: readonly Frame[], expected: readonly Frame[]): void {
  expect(given.map(({ kind, id, body }) => [kind, id, body.length])).toEqual(expected.map(({ kind, id, body }) => [kind, id, body.length]))
  expect(given.every((each, i) => equalBytes(each.body, expected[i]?.body ?? new Uint8Array(1)))).toBe(true)
}

describe('frames', () => {
  it.each(['request', 'request-begin', 'request-chunk', 'response', 'response-begin', 'response-chunk', 'refusal'] as const)(
    'carry %s',
    (kind) => {
      const given: Frame = { kind, id: 0xffffffff, body: Uint8Array.of(1, 2, 3) }
      expect(new FrameDecoder().push(encodeFrame(given))).toEqual([given])
    },
  )

  it('come out the same however the bytes are cut', () => {
    const frames = [frame(0), frame(1), frame(300), frame(MAX_FRAME_BYTES - HEADER_BYTES)]
    const bytes = joinBytes(frames.map(encodeFrame))
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 40 }), (cuts) => {
        const decoder = new FrameDecoder()
        const out: Frame[] = []
        let at = 0
        for (const cut of cuts) {
          out.push(...decoder.push(bytes.slice(at, at + cut)))
          at += cut
        }
        out.push(...decoder.push(bytes.slice(at)))
        expectFrames(out, frames)
        expect(decoder.partial).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('come out of single bytes, in time proportional to their number', () => {
    const decoder = new FrameDecoder()
    const bytes = encodeFrame(frame(MAX_FRAME_BYTES - HEADER_BYTES))
    const out = [...bytes].flatMap((byte) => decoder.push(Uint8Array.of(byte)))
    expectFrames(out, [frame(MAX_FRAME_BYTES - HEADER_BYTES)])
  })

  it('do not change when the buffer they came in is used again', () => {
    const decoder = new FrameDecoder()
    const bytes = encodeFrame(frame(100))
    const buffer = bytes.slice(0, 50)
    decoder.push(buffer)
    buffer.fill(0)
    expect(decoder.partial).toBe(true)
    expect(decoder.push(bytes.slice(50))).toEqual([frame(100)])
  })

  it('are refused at the header when too large, too small or unknown, before any of the body came', () => {
    const header = (size: number, kind: number): Uint8Array => {
      const bytes = new Uint8Array(HEADER_BYTES)
      new DataView(bytes.buffer).setUint32(0, size)
      bytes[4] = kind
      return bytes
    }
    const largest = MAX_FRAME_BYTES - 4
    expect(new FrameDecoder().push(header(largest, 1))).toEqual([])
    for (const bad of [
      header(largest + 1, 1),
      header(0xffffffff, 1),
      header(0, 1),
      header(4, 1),
      header(100, 0),
      header(100, 8),
      header(100, 255),
    ]) {
      expect(() => new FrameDecoder().push(bad)).toThrow(FrameError)
      const decoder = new FrameDecoder()
      expect(() => [...bad].forEach((byte) => decoder.push(Uint8Array.of(byte)))).toThrow(FrameError)
    }
  })

  it.each([0, 1, 4_095, 4_096, MAX_FRAME_BYTES - HEADER_BYTES])('are the same in parts, with a body of %i bytes', (size) => {
    expect(equalBytes(joinBytes(frameParts(frame(size))), encodeFrame(frame(size)))).toBe(true)
  })

  it('cannot be made too large', () => {
    expect(() => encodeFrame(frame(MAX_FRAME_BYTES))).toThrow(RangeError)
    expect(() => frameParts(frame(MAX_FRAME_BYTES))).toThrow(RangeError)
  })

  it('made of random bytes give frames or a FrameError, nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (pieces) => {
        const decoder = new FrameDecoder()
        try {
          for (const piece of pieces) decoder.push(piece)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(FrameError)
        }
      }),
    )
  })
})
