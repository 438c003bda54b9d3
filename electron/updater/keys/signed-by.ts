import { err, ok } from '../../kernel/result.ts'
import type { Result } from '../../kernel/result.ts'
import { SIGNATURES_NEEDED, verifySignature } from './key-set.ts'
import type { KeySet, MakerKey, Signature } from './key-set.ts'

export type SignatureRefusal =
  | { kind: 'too-few-signatures'; by: readonly string[]; strangers: number }
  | { kind: 'repeated-key'; by: string }
  | { kind: 'bad-signature'; by: string }

/**
 * Who of the set signed these bytes: at least two, or a refusal. Signatures of strangers count for nothing and harm nothing:
 * while keys are replaced, an announcement carries those of old and new ones. A known key with a signature that is wrong, or
 * with two, is something the tool for signing never makes, so it is refused whatever else is there.
 */
export function signedBy(keys: KeySet['keys'], bytes: Uint8Array, signatures: readonly Signature[]): Result<string[], SignatureRefusal> {
  const by: MakerKey[] = []
  let strangers = 0
  for (const signature of signatures) {
    const maker = keys.find(({ key }) => key === signature.key)
    if (maker === undefined) {
      strangers += 1
      continue
    }
    if (by.includes(maker)) return err({ kind: 'repeated-key', by: maker.name })
    if (!verifySignature(signature, bytes)) return err({ kind: 'bad-signature', by: maker.name })
    by.push(maker)
  }
  const names = by.map(({ name }) => name)
  return by.length < SIGNATURES_NEEDED ? err({ kind: 'too-few-signatures', by: names, strangers }) : ok(names)
}
