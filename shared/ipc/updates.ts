/** A newer version, as two makers announced it. */
export interface UpdateOffer {
  version: string
  /** ISO 8601. */
  date: string
  /** Plain text. */
  notes: string
  /** In bytes. */
  size: number
  /** The makers who signed it, by the names of their keys. */
  signers: readonly string[]
}

/** What did not work, or was refused; the installed version goes on in every case. */
export const updateFailures = [
  'unreachable',
  'unreadable',
  /** Fewer than two makers signed it, or a signature is wrong. */
  'untrusted',
  'stale',
  'from-the-future',
  'replayed',
  'older-version',
  'not-for-this-system',
  'cut-off',
  /** Other bytes than those the makers signed. */
  'wrong-package',
  'disk',
  'not-permitted',
  'no-installer',
  'install-failed',
] as const
export type UpdateFailure = (typeof updateFailures)[number]

/** Why this program cannot update itself. */
export const updateObstacles = ['development', 'no-source', 'unpacked', 'package-manager', 'by-hand'] as const
export type UpdateObstacle = (typeof updateObstacles)[number]

export type UpdateStep =
  | { kind: 'quiet' }
  | { kind: 'checking' }
  | { kind: 'current' }
  /** `later`: somebody put it off, so it waits in the settings and is brought up nowhere else. */
  | { kind: 'offered'; offer: UpdateOffer; later: boolean }
  | { kind: 'downloading'; offer: UpdateOffer; received: number }
  /** `soon`: somebody wanted it some time ago, so it is installed in a few seconds unless they say `later`. */
  | { kind: 'ready'; offer: UpdateOffer; later: boolean; soon?: true }
  | { kind: 'installing'; offer: UpdateOffer }
  /** `offer`: what somebody wanted to have; null where nothing more was done than looking. */
  | { kind: 'failed'; failure: UpdateFailure; offer: UpdateOffer | null; later: boolean }

export interface UpdateView {
  obstacle: UpdateObstacle | null
  /** Whether it looks for updates by itself. */
  automatic: boolean
  /** When an answer was last believed since the start, in milliseconds since the Unix epoch. */
  checkedAt: number | null
  step: UpdateStep
}

/** What a person can ask for, `update` for `download` and `install` in one; each is answered with how things stand then. */
export const updateWishes = ['look', 'check', 'update', 'download', 'cancel', 'later', 'install', 'automatic-on', 'automatic-off'] as const
export type UpdateWish = (typeof updateWishes)[number]
