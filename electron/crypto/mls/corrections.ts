import * as library from 'ts-mls'
import { InvariantError } from '../../kernel/errors.ts'

/** Raised together with `spacepandaCorrections` in build/patches. */
const REQUIRED = 2

/**
 * Throws unless the installed ts-mls has our corrections: as published, a member it removes goes on reading (TS-MLS.md).
 * Asked by name, so that an uncorrected copy is refused in words instead of failing to link.
 */
export function assertCorrected(module: object = library): void {
  const found = 'spacepandaCorrections' in module ? module.spacepandaCorrections : 'none'
  if (found !== REQUIRED)
    throw new InvariantError(`ts-mls lacks our corrections (needs ${REQUIRED}, has ${String(found)}): run build/apply-patches.mjs`)
}
