/**
 * Every file that turns bytes or text into something, and the subjects that fuzz it; or why nobody else's bytes get there.
 * `every-decoder.test.ts` finds such files by what they call, and fails for one that is not here.
 */
export type DecoderEntry = { subjects: readonly string[] } | { ours: string }

const channel = ['channel: frames', 'channel: a stream that is served', 'channel: a stream that is answered']
const insideMessages = [
  'inside a message: its content and signature',
  'inside a message: its sender data',
  'inside a commit: all that is encrypted',
  'inside a commit: proposals and path, signed',
  'inside a commit: a path alone, signed',
  'inside a Welcome: the secrets',
  'inside a Welcome: the group and its tree, signed',
]
const both = (name: string): string[] => [`${name}: request`, `${name}: response`]
const stored = { ours: 'read from the encrypted database, which this device alone writes' }
const beside = { ours: 'read from a file of the profile folder, which this device alone writes' }

export const decoders: Readonly<Record<string, DecoderEntry>> = {
  'crypto/mls/key-package.ts': { subjects: ['MLS: a key package', 'inside a key package: all of it, signed'] },
  'crypto/mls/public-parts.ts': stored,
  'crypto/mls/sender-data.ts': { subjects: ['inside a message: its sender data'] },
  'crypto/mls/state-parts.ts': stored,
  'crypto/mls/version-1.ts': stored,
  'crypto/mls/wire.ts': {
    subjects: [
      'MLS: any message',
      'MLS: the header of a message',
      'MLS: what a member receives',
      'MLS: what a member receives who takes its own',
      'MLS: what a member receives and verifies beside',
      'MLS: a Welcome',
      ...insideMessages,
    ],
  },
  'identity/credential.ts': { subjects: ['the credential of a leaf', 'the credential of another leaf'] },
  'identity/encoding.ts': stored,
  'kernel/bytes.ts': { ours: 'a tool: its callers are here' },
  'kernel/cbor.ts': { subjects: ['CBOR'] },
  'kernel/random.ts': { ours: 'random bytes of the system' },
  'network/channel/frame.ts': { subjects: channel },
  'network/channel/message.ts': { subjects: channel },
  'network/libp2p/addresses.ts': { subjects: ['addresses of a peer'] },
  'network/libp2p/endpoint.ts': stored,
  'network/protocols/frontier/frontier.ts': { subjects: both('frontier') },
  'network/protocols/hello/messages.ts': { subjects: ['open', 'tags', 'proofs'].flatMap((kind) => both(`hello, ${kind}`)) },
  'network/protocols/hints/peer-hints.ts': { subjects: both('hints') },
  'network/protocols/join/join-answer.ts': { subjects: ['join: response'] },
  'network/protocols/join/join-request.ts': { subjects: ['join: request'] },
  'network/protocols/objects/object-acks.ts': { subjects: ['objects: response'] },
  'network/protocols/objects/object-push.ts': { subjects: ['objects: request'] },
  'network/protocols/return/return-answer.ts': { subjects: ['return: response'] },
  'network/protocols/return/return-request.ts': { subjects: ['return: request'] },
  'node/backup/backup-record.ts': stored,
  'node/control/line-stream.ts': { ours: 'a socket that this user alone may open; control.test.ts sends it what is no line' },
  'node/housekeeping/clock-guard.ts': stored,
  'node/profile-record.ts': stored,
  'storage/backup/header.ts': { subjects: ['the beginning of a backup'] },
  'storage/backup/staging.ts': { ours: 'a key file, see storage/key-file/header.ts' },
  'storage/integrity/check-content.ts': stored,
  'storage/integrity/damage-note.ts': beside,
  'storage/integrity/log-header.ts': beside,
  'storage/integrity/stamp.ts': beside,
  'storage/key-file/header.ts': { subjects: ['a key file'] },
  'storage/repair/merge-messages.ts': stored,
  'storage/snapshots/stale.ts': stored,
  'storage/sqlite/columns.ts': stored,
  'sync/content/mimi-content.ts': { subjects: ['content of a message'] },
  'sync/invitations/link.ts': { subjects: ['an invitation link'] },
  'sync/policy/settings.ts': { subjects: ['settings of a space', 'a commit, judged by the settings it brings'] },
  'sync/returning/claim.ts': { subjects: ['the claim of a return'] },
  'sync/returning/offer.ts': stored,
}
