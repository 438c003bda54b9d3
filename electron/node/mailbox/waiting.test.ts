import { describe, expect, it } from 'vitest'
import type { Eid } from '../../../shared/domain/ids.ts'
import { systemRandom } from '../../kernel/random.ts'
import type { ObjectAck, WireObject } from '../../ports/wire.ts'
import { Waiting } from './waiting.ts'

const object = (size = 8): WireObject => ({ eid: systemRandom.id<Eid>(), bytes: systemRandom.bytes(size) })
const at = (cursor: number, mailbox = 'a') => ({ mailbox, tag: 'k/1', cursor, mark: new Uint8Array([cursor & 255]) })

describe('what waits for what leads to it', () => {
  it('is offered again while any of it is taken, and not for ever', async () => {
    const waiting = new Waiting()
    const [first, second, third] = [object(), object(), object()]
    for (const [i, each] of [third, second, first].entries()) waiting.add(each, at(i))
    let known = 0
    const offers: number[] = []
    // One leads to the next.
    const receive = (objects: readonly WireObject[]): Promise<ObjectAck[]> => {
      offers.push(objects.length)
      return Promise.resolve(objects.map((each) => ([first, second][known] === each && (known += 1) > 0 ? 'stored' : 'unknown-epoch')))
    }
    await waiting.offer(receive)
    expect(offers).toEqual([3, 2, 1])
    expect(waiting.firstIn('a', 'k/1')).toEqual(at(0))
    await waiting.offer(() => Promise.resolve(['rejected']))
    expect(waiting.firstIn('a', 'k/1')).toBeNull()
  })

  it('holds back the place of every mailbox that gave it', () => {
    const waiting = new Waiting()
    const one = object()
    waiting.add(one, at(5))
    waiting.add(one, at(9))
    waiting.add(one, at(3, 'b'))
    expect([waiting.firstIn('a', 'k/1'), waiting.firstIn('b', 'k/1'), waiting.firstIn('c', 'k/1')]).toEqual([at(5), at(3, 'b'), null])
  })

  it('is bounded: the oldest go, and their places are read again', () => {
    const waiting = new Waiting()
    for (let i = 0; i < 300; i += 1) waiting.add(object(), at(i))
    expect(waiting.firstIn('a', 'k/1')).toEqual(at(0))
    expect([waiting.takeDropped('b'), waiting.takeDropped('a')]).toEqual([[], [at(0)]])
    expect(waiting.firstIn('a', 'k/1')).toEqual(at(44))
    for (let i = 0; i < 9; i += 1) waiting.add(object(1024 * 1024), at(1_000 + i))
    expect(waiting.takeDropped('a')).toEqual([at(44)])
    expect(waiting.firstIn('a', 'k/1')).toEqual(at(1_001))
  })

  it('is bounded also where two offered the same at once', async () => {
    const waiting = new Waiting()
    const stored = (objects: readonly WireObject[]) => Promise.resolve(objects.map(() => 'stored' as const))
    waiting.add(object(8 * 1024 * 1024), at(0))
    await Promise.all([waiting.offer(stored), waiting.offer(stored)])
    for (let i = 1; i <= 9; i += 1) waiting.add(object(1024 * 1024), at(i))
    expect(waiting.takeDropped('a')).toEqual([at(1)])
  })
})
