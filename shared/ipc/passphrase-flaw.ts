import { limits } from './limits.ts'

/** Fewer different characters than this are a key held down, or two of them in turn. */
const DIFFERENT_LEAST = 4

/** Why a passphrase may not protect anything, or null: too short, or of the kind that is tried first. One rule for the window and the command line. */
export function passphraseFlaw(passphrase: string): 'short' | 'trivial' | null {
  if (passphrase.length < limits.passphraseLeast) return 'short'
  return new Set(passphrase).size < DIFFERENT_LEAST || isRow(passphrase) ? 'trivial' : null
}

/** Whether every character follows the one before it at the same distance: 12345678, hgfedcba. */
function isRow(text: string): boolean {
  const steps = new Set<number>()
  for (let at = 1; at < text.length; at++) steps.add(text.charCodeAt(at) - text.charCodeAt(at - 1))
  return steps.size === 1
}
