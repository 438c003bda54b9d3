import { equalBytes } from '../../kernel/bytes.ts'
import type { LiveGroup } from '../group/live-group.ts'
import { grantName } from '../intents/grant-name.ts'
import { decodeIntent } from '../intents/intent.ts'

/** The Welcome that this device made for a leaf, and the name it is kept under; null where another member did. */
export function welcomeFor({ deps: { store }, groupId }: LiveGroup, leafKey: Uint8Array): { grant: string; welcome: Uint8Array } | null {
  for (const row of store.intents.list(groupId)) {
    const intent = decodeIntent(row.body)
    const isFor = intent.kind === 'add' && intent.newcomers.some((newcomer) => equalBytes(newcomer.leafKey, leafKey))
    const grant = isFor && row.failure === null ? grantName(intent) : null
    const welcome = grant === null ? null : store.invitations.grant(groupId, grant)
    if (grant !== null && welcome !== null) return { grant, welcome }
  }
  return null
}
