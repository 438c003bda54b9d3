import { createHash } from 'node:crypto'
import type { PeerId } from '../../../../shared/domain/ids.ts'

const NAMES = (
  'Ann Bob Carol Dave Eve Finn Gina Hugo Iris Jack Kim Leo Mia Ned Ola Pia Quin Rosa Sam Tess Uma Vic Wim Xena Yves Zoe ' +
  'Abe Bea Cid Dot'
).split(' ')

/** Told apart by a number from the thirty-first on. */
export const nameOf = (nth: number): string => `${NAMES[nth % NAMES.length] ?? ''}${nth < NAMES.length ? '' : nth}`

export function peerIdOf(nth: number): PeerId {
  // 44 characters of the base58 alphabet: hexadecimal digits are in it but for the zero.
  const digits = createHash('sha256').update(`simulated ${nth}`).digest('hex').replaceAll('0', 'x').slice(0, 44)
  return `12D3KooW${digits}` as PeerId
}
