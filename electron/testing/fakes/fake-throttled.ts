import type { Throttled } from '../../network/relay/valve.ts'

/** A stream of which only the reading counts. Throws where one of libp2p does (`AbstractMessageStream`). */
export class FakeThrottled implements Throttled {
  readStatus: 'readable' | 'paused' | 'closed' = 'readable'
  readonly did: string[] = []
  /** What it does with what it kept, as it goes on. */
  onResume: () => void = () => undefined

  pause(): void {
    this.#checkOpen()
    this.readStatus = 'paused'
    this.did.push('pause')
  }

  resume(): void {
    this.#checkOpen()
    this.readStatus = 'readable'
    this.onResume()
    this.did.push('resume')
  }

  abort(): void {
    this.readStatus = 'closed'
    this.did.push('abort')
  }

  #checkOpen(): void {
    if (this.readStatus === 'closed') throw new Error('Cannot pause or resume a stream that is closed')
  }
}
