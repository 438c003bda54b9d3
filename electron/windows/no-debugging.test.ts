import { expect, test } from 'vitest'
import { forbidDebugging } from './no-debugging.ts'

test('every switch that opens a door for a debugger is taken off', () => {
  const given = new Set(['remote-debugging-port', 'remote-debugging-pipe', 'remote-debugging-address', 'remote-allow-origins', 'lang'])
  forbidDebugging({ removeSwitch: (name) => void given.delete(name) })
  expect([...given]).toEqual(['lang'])
})
