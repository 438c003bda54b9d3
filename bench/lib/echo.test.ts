import { expect, test } from 'vitest'
import { echoClient, serveEcho } from './echo.ts'
import type { Pipe } from './echo.ts'

/** Two ends that hand over everything later, in pieces that respect no message. */
function pipes(pieceBytes: number): [Pipe, Pipe] {
  const listeners: ((bytes: Uint8Array) => void)[] = [() => undefined, () => undefined]
  const end = (self: 0 | 1): Pipe => ({
    send: (bytes) => {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.slice(at, at + pieceBytes)
        setImmediate(() => listeners[1 - self]?.(piece))
      }
    },
    onData: (listener) => {
      listeners[self] = listener
    },
  })
  return [end(0), end(1)]
}

test.each([1, 5, 100, 1000])('messages cut into pieces of %d bytes are counted and timed one by one', async (pieceBytes) => {
  const [near, far] = pipes(pieceBytes)
  serveEcho(far, 100)
  const client = echoClient(near, 100)
  const { there, back } = await client.once()
  expect(there).toBeGreaterThan(0)
  expect(back).toBeGreaterThanOrEqual(there)
  expect(await client.flood(300)).toBeGreaterThan(0)
  expect((await client.once()).back).toBeGreaterThan(0)
})

test('a flood is over when the last message was acknowledged, and keeps a bounded number on the way', async () => {
  const [near, far] = pipes(1000)
  let arrived = 0
  let waiting: (() => void)[] = []
  serveEcho(
    {
      send: (bytes) => void waiting.push(() => far.send(bytes)),
      onData: (listener) =>
        far.onData((bytes) => {
          arrived += 1
          listener(bytes)
        }),
    },
    100,
  )
  const flood = echoClient(near, 100).flood(200)
  let over = false
  void flood.then(() => (over = true))
  const settle = () => new Promise((resolve) => setTimeout(resolve, 20))
  await settle()
  expect(arrived).toBe(128)
  for (const answer of waiting.splice(0, 127)) answer()
  waiting = waiting.splice(0)
  await settle()
  expect({ arrived, over }).toEqual({ arrived: 200, over: false })
  for (const answer of waiting) answer()
  await flood
})
