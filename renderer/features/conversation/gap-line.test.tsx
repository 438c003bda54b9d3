// @vitest-environment jsdom
import { act, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import type { MemberId, SpaceId } from '../../../shared/domain/ids.ts'
import { idOf, makeConnection, makeSpace } from '../../testing/make.ts'
import { openWindow } from '../../testing/render.tsx'
import { worldWith } from '../../testing/world.ts'

const space = makeSpace('Choir', ['general'])

it('says what is missing for longer than a moment, and who is asked for it', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true })
  try {
    const bob = { spaceId: space.spaceId, memberId: idOf<MemberId>('Bob'), name: 'Bob', messages: 2, asked: ['Carol'] }
    const gone = { ...bob, memberId: idOf<MemberId>('Gil'), name: 'Gil' }
    const elsewhere = { ...bob, spaceId: 'other' as SpaceId, name: 'Eve' }
    const { fake } = openWindow(
      worldWith(space, ['Bob', 'Dan', 'Fay'], { connection: makeConnection({ missing: [bob, elsewhere, gone] }) }),
    )
    await screen.findByRole('textbox', { name: 'Message #general' })
    await act(() => vi.advanceTimersByTimeAsync(2_000))
    expect(screen.queryByText(/not here yet/)).toBeNull()
    await act(() => vi.advanceTimersByTimeAsync(4_000))
    expect(screen.getByText('2 messages from Bob are not here yet. Asking Carol.')).toBeDefined()
    const more = ['Dan', 'Fay'].map((name) => ({ ...bob, memberId: idOf<MemberId>(name), name, messages: 1, asked: [] }))
    act(() => fake.emit('connection.changed', makeConnection({ missing: [{ ...bob, asked: [] }, ...more] })))
    expect(screen.getByText(/^4 messages from Bob, Dan,? and 1 other are not here yet\. They come when/)).toBeDefined()
    act(() => fake.emit('connection.changed', makeConnection({ missing: [] })))
    expect(screen.queryByText(/not here yet/)).toBeNull()
  } finally {
    vi.useRealTimers()
  }
})
