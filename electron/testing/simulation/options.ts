import { seededDice } from '../crash/dice.ts'
import type { SuiteId } from '../../crypto/mls/index.ts'
import { X25519_SUITE, XWING_SUITE } from '../../crypto/mls/index.ts'
import type { KeyPace } from '../../sync/updates/pace.ts'

/** What goes wrong in a world, and how much. Probabilities are of one thing at a time. */
export interface Faults {
  /** Of a request or an answer to be lost. */
  loss: number
  /** Of a request to arrive twice. */
  duplicate: number
  /** Of a message to take seconds, and so to be overtaken. */
  late: number
  /** The clocks of nodes are up to this far from the world's. */
  skewMs: number
  /** Weights among the steps. */
  partition: number
  offline: number
  oneWay: number
  slow: number
  crash: number
}

export interface SimOptions {
  seed: number
  /** People in the space before anything goes wrong, and all together once newcomers have come. */
  founders: number
  nodes: number
  steps: number
  /** How many of the founders are hostile. */
  hostile: number
  /** Whether two may change the group at once. Without, only who holds the newest epoch does, and one join is under way at a time. */
  concurrentCommits: boolean
  /** Whether hostile members encrypt once more what others committed. */
  frames: boolean
  /** Whether those who were removed are invited again, and come back to what they have. */
  back: boolean
  /** How often keys are renewed until all is well; null: once a week, and so never. */
  keyPace: KeyPace | null
  suiteId: SuiteId
  /** How many mailboxes everybody uses; of two the first may mean no good. */
  mailboxes: number
  /** Real encrypted databases on disk instead of stores in memory. */
  disk: boolean
  faults: Faults
}

/** A world without faults, for those who want to see one thing. */
export const CALM: Faults = { loss: 0, duplicate: 0, late: 0, skewMs: 0, partition: 0, offline: 0, oneWay: 0, slow: 0, crash: 0 }

const HOUR = 3_600_000

/** Often enough for a world of two minutes to see many updates, beside everything else. */
const HASTY: KeyPace = {
  ...{ leastMs: 3_000, mostMs: 15_000 },
  ...{ quietMs: 2_000, patienceMs: 5_000, settledMs: 500, againMs: 2_000 },
}

export interface SimWish {
  nodes?: number | undefined
  steps?: number | undefined
  hostile?: boolean | undefined
  concurrentCommits?: boolean | undefined
  /** Hostile members encrypt once more what others committed. */
  frames?: boolean | undefined
  /** Whoever was removed is invited again. */
  back?: boolean | undefined
  /** Keys are renewed all the time. */
  updates?: boolean | undefined
  /** Everybody uses mailboxes. */
  mailboxes?: boolean | undefined
}

/** The world of a seed. Most are small; one in fifty is a crowd, one in five lives on disk, one in forty is post-quantum. */
export function optionsOf(seed: number, wish: SimWish = {}): SimOptions {
  const dice = seededDice(seed)
  const crowd = seed % 50 === 7
  const xwing = seed % 40 === 3
  const drawn = crowd ? dice.between(10, seed % 200 === 7 ? 30 : 14) : dice.between(3, 5)
  const nodes = wish.nodes ?? drawn
  const steps = wish.steps ?? (crowd ? dice.between(15, 20) : dice.between(15, 40))
  const hostile = wish.hostile === true ? Math.max(1, Math.floor((nodes - 1) / 4)) : 0
  const founders = Math.min(nodes, Math.max(2 + hostile, nodes - dice.between(1, crowd ? 2 : 3)))
  const quiet = dice.chance(0.1)
  const weight = (most: number): number => (quiet || dice.chance(0.3) ? 0 : dice.between(1, most))
  return {
    seed,
    founders,
    nodes,
    steps,
    hostile,
    concurrentCommits: wish.concurrentCommits ?? false,
    frames: wish.frames ?? false,
    back: wish.back ?? false,
    keyPace: wish.updates === true ? HASTY : null,
    suiteId: xwing ? XWING_SUITE : X25519_SUITE,
    mailboxes: wish.mailboxes === true ? 1 + (seed % 2) : 0,
    disk: !crowd && seed % 5 === 1,
    faults: {
      loss: quiet ? 0 : dice.pick([0, 0.01, 0.05, 0.15]),
      duplicate: quiet ? 0 : dice.pick([0, 0.02, 0.1]),
      late: quiet ? 0 : dice.pick([0, 0.05, 0.2]),
      skewMs: dice.pick([0, 2_000, 60_000, 6 * HOUR]),
      partition: weight(4),
      offline: weight(4),
      oneWay: weight(2),
      slow: weight(2),
      crash: weight(5),
    },
  }
}
