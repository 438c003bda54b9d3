import { expect, test } from 'vitest'
import { root } from '../setup/paths.mjs'
import { launchOptions } from './launch-options.mjs'

test('the application is the last argument, and the sandbox is off for root only', () => {
  const { executablePath, args } = launchOptions({ executable: '/opt/electron' })
  expect(executablePath).toBe('/opt/electron')
  expect(args.at(-1)).toBe(root)
  expect(args.includes('--no-sandbox')).toBe(process.getuid?.() === 0)
})
