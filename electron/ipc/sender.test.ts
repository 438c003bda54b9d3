import { describe, expect, it } from 'vitest'
import { onlyOurWindow } from './sender.ts'

const isTrusted = onlyOurWindow(
  () => 7,
  (url) => url === 'ours',
)
const ours = { sender: { id: 7 }, senderFrame: { url: 'ours', parent: null } }

describe('onlyOurWindow', () => {
  it('trusts the top frame of our window at our origin', () => {
    expect(isTrusted(ours)).toBe(true)
  })

  it.each([
    ['another window', { ...ours, sender: { id: 8 } }],
    ['a frame inside', { ...ours, senderFrame: { url: 'ours', parent: {} } }],
    ['another origin', { ...ours, senderFrame: { url: 'theirs', parent: null } }],
    ['a frame that is gone', { ...ours, senderFrame: null }],
  ])('refuses %s', (_what, event) => {
    expect(isTrusted(event)).toBe(false)
  })

  it('refuses everyone while there is no window', () => {
    expect(
      onlyOurWindow(
        () => null,
        () => true,
      )(ours),
    ).toBe(false)
  })
})
