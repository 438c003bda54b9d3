import { fromUtf8, utf8 } from '../../../kernel/bytes.ts'
import { judgeAnnouncement } from '../../../updater/release/judge.ts'
import { canonicalText, decodeRelease, encodeRelease } from '../../../updater/release/release.ts'
import { announce, keySetOf, makeMakers, makeRelease, NOW } from '../../../updater/test-support/makers.ts'
import type { Structure, Subject } from '../subject.ts'

/** What the server of the updates says, before and below the makers' signatures. */

const makers = makeMakers()
const [one, other] = makers
const installed = { version: '1.2.0', platform: 'linux', arch: 'x64', kind: 'deb' } as const

const json: Structure = {
  loose: true,
  open: (bytes) => JSON.parse(fromUtf8(bytes)) as unknown,
  close: (value) => utf8(canonicalText(value)),
}

export const updateSubjects: readonly Subject[] = [
  {
    name: 'an update: what its server says',
    samples: [announce(makeRelease(), [one, other]), announce(makeRelease({ version: '2.0.0', rollout: 5 }), makers)],
    structure: json,
    decode: (bytes) =>
      judgeAnnouncement(bytes, { pinned: keySetOf(makers), seen: { newest: null, rotations: [] }, installed, now: NOW }).ok,
  },
  {
    name: 'an update: what its makers signed',
    samples: [encodeRelease(makeRelease()), encodeRelease(makeRelease({ notes: '', rollout: 0 }))],
    structure: json,
    decode: (bytes) => decodeRelease(bytes) !== null,
  },
]
