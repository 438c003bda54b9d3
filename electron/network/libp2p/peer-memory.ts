import { MemoryDatastore } from 'datastore-core/memory'
import { peerIdFromString } from '@libp2p/peer-id'

type Key = Parameters<MemoryDatastore['put']>[0]

/** Where libp2p keeps what it knows of each peer. */
const PEERS = '/peers/'

/**
 * What libp2p keeps of peers, in memory. By itself it keeps whoever ever connected and never comes again until it ends, and peer ids cost
 * nothing. Here those go of whom nothing was heard or asked for longest, unless `keeps` says to keep them.
 */
export class PeerMemory extends MemoryDatastore {
  readonly #most: number
  readonly #keeps: (peerId: string) => boolean
  /** The peers, the one that is longest out of use first. */
  readonly #peers = new Map<string, Key>()

  constructor(most: number, keeps: (peerId: string) => boolean) {
    super()
    this.#most = most
    this.#keeps = keeps
  }

  override put(...[key, value, options]: Parameters<MemoryDatastore['put']>): Key | Promise<Key> {
    const stored = super.put(key, value, options)
    this.#touch(key)
    if (this.#peers.size > this.#most) this.#shrink()
    return stored
  }

  override get(...[key, options]: Parameters<MemoryDatastore['get']>): Uint8Array | Promise<Uint8Array> {
    const found = super.get(key, options)
    this.#touch(key)
    return found
  }

  override delete(...[key, options]: Parameters<MemoryDatastore['delete']>): void | Promise<void> {
    this.#peers.delete(key.toString())
    return super.delete(key, options)
  }

  #touch(key: Key): void {
    const name = key.toString()
    if (!name.startsWith(PEERS)) return
    this.#peers.delete(name)
    this.#peers.set(name, key)
  }

  /** Some at once: it is asked of each who is kept. */
  #shrink(): void {
    const most = this.#most - Math.ceil(this.#most / 8)
    for (const [name, key] of [...this.#peers]) {
      if (this.#peers.size <= most) return
      if (this.#keeps(peerIdFromString(name.slice(PEERS.length)).toString())) this.#touch(key)
      else void this.delete(key)
    }
  }
}
