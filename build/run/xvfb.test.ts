import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startXvfb } from './xvfb.mjs'

const available = spawnSync('Xvfb', ['-help']).error === undefined

const socketOf = (display: string): string => `/tmp/.X11-unix/X${display.slice(1)}`

test.runIf(available)('displays are separate, reachable, and gone afterwards', async () => {
  const [first, second] = await Promise.all([startXvfb(), startXvfb()])
  expect(first.display).toMatch(/^:\d+$/)
  expect(second.display).not.toBe(first.display)
  expect(existsSync(socketOf(first.display))).toBe(true)
  await first.stop()
  expect(existsSync(socketOf(first.display))).toBe(false)
  await second.stop()
  await second.stop()
})

test.runIf(available)('a display that cannot start says why', async () => {
  await expect(startXvfb({ size: 'nonsense' })).rejects.toThrow('The virtual display (Xvfb) did not start')
})
