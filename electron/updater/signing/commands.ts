import { readFile, writeFile } from 'node:fs/promises'
import { fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { readKeySet } from '../keys/key-set.ts'
import type { KeySet } from '../keys/key-set.ts'
import { encodeRotation, followRotations } from '../keys/rotation.ts'
import type { SignedRotation } from '../keys/rotation.ts'
import { signedBy } from '../keys/signed-by.ts'
import { encodeAnnouncement } from '../release/announcement.ts'
import { judgeAnnouncement } from '../release/judge.ts'
import { refusalWords } from '../release/refusal-words.ts'
import { canonicalText, encodeRelease, isoSeconds } from '../release/release.ts'
import type { Release } from '../release/release.ts'
import { readDocument, signaturesOf, textOf, writeDocument } from './documents.ts'
import type { Document } from './documents.ts'
import { makeKeyFile, openKeyFile, publicKeyOf, signBytes } from './maker-key.ts'
import { comparePackages, describePackages } from './packages.ts'

export interface SigningDeps {
  now: () => number
  say: (line: string) => void
  askPassphrase: () => Promise<string>
}

/** Makes a key; its public half is for resources/updates.json. */
export async function newKey({ say, askPassphrase }: SigningDeps, name: string, file: string): Promise<void> {
  const { text, key } = makeKeyFile(await askPassphrase())
  await writeFile(file, text, { mode: 0o600, flag: 'wx' })
  say(`The key is in ${file}; keep it and its passphrase apart. For resources/updates.json:`)
  say(JSON.stringify({ name, key }))
}

export interface Preparation {
  version: string
  notesFile: string
  rollout: number
  /** Signed statements about keys, in their order. */
  rotationFiles: readonly string[]
}

/** An announcement of what lies in a folder, signed by nobody yet. */
export async function prepare({ now, say }: SigningDeps, folder: string, out: string, wish: Preparation): Promise<void> {
  const rotations: SignedRotation[] = []
  for (const file of wish.rotationFiles) {
    const document = await readDocument(file)
    if (document.kind !== 'rotation') throw new AppError('invalid', `${file} is no statement about keys.`)
    rotations.push(document.signed)
  }
  const release: Release = {
    format: 'spacepanda-release-1',
    version: wish.version,
    date: isoSeconds(now()),
    rollout: wish.rollout,
    notes: (await readFile(wish.notesFile, 'utf8')).trim(),
    files: await describePackages(folder, wish.version),
  }
  await writeFile(out, encodeAnnouncement({ release: encoded(release), signatures: [], rotations }))
  describeRelease(say, release)
  say(`${out} has to be signed by two makers now.`)
}

/** The same release as of today, or for more people: signed anew, because only so nobody can offer it for ever. */
export async function renew({ now, say }: SigningDeps, file: string, rollout: number | null): Promise<void> {
  const document = await readDocument(file)
  if (document.kind !== 'announcement') throw new AppError('invalid', `${file} announces nothing.`)
  const release = { ...document.release, date: isoSeconds(now()), rollout: rollout ?? document.release.rollout }
  await writeDocument(file, { ...document, announcement: { ...document.announcement, release: encoded(release) } }, [])
  describeRelease(say, release)
  say(`${file} has to be signed by two makers again.`)
}

/** A statement that names three keys in the place of those before. */
export async function stateKeys({ now, say }: SigningDeps, keysFile: string, out: string): Promise<void> {
  const keys = await readKeys(keysFile)
  const statement = encodeRotation({ format: 'spacepanda-key-rotation-1', serial: keys.serial, date: isoSeconds(now()), keys: keys.keys })
  await writeFile(out, canonicalText({ statement, signatures: [] }))
  say(`${out} has to be signed by two of the makers before it.`)
}

export interface OwnPackages {
  /** Null where there is nothing to compare. */
  folder: string | null
  /** Linux packages, of which anybody can make the same bytes, that this maker did not make. */
  notCompared: readonly string[]
}

/** One maker's signature, after what was compared with packages of their own. */
export async function addSignature(deps: SigningDeps, file: string, keyFile: string, own: OwnPackages): Promise<void> {
  const document = await readDocument(file)
  if (document.kind === 'announcement') {
    if (own.folder === null) throw new AppError('usage', 'Nobody signs what they have not compared: --packages FOLDER.')
    describeRelease(deps.say, document.release)
    const absent = new Set(await compare(deps, document.release, own.folder))
    const unseen = document.release.files.filter(
      ({ platform, name }) => platform === 'linux' && absent.has(name) && !own.notCompared.includes(name),
    )
    if (unseen.length > 0)
      throw new AppError('usage', `Make these, too, or say that you did not: --not-compared ${unseen.map(({ name }) => name).join(' ')}`)
  } else deps.say(document.signed.statement.trimEnd())
  const key = openKeyFile(await readFile(keyFile, 'utf8'), await deps.askPassphrase())
  const before = signaturesOf(document)
  if (before.some((signature) => signature.key === publicKeyOf(key))) throw new AppError('conflict', 'This key has signed it already.')
  await writeDocument(file, document, [...before, signBytes(key, utf8(textOf(document)))])
  deps.say(`Signed. ${file} carries ${before.length + 1} of the 2 signatures it needs.`)
}

/** Whether a program with these pinned keys, and no memory, would believe it today. Throws, with the reason, if not. */
export async function verifyFile(deps: SigningDeps, file: string, keysFile: string, packages: string | null): Promise<void> {
  const pinned = await readKeys(keysFile)
  const document = await readDocument(file)
  if (document.kind === 'rotation') return verifyRotation(deps, document, pinned)
  const [first] = document.release.files
  if (first === undefined) throw new AppError('invalid', `${file} announces no file.`)
  const { platform, arch, kind } = first
  const told = judgeAnnouncement(new Uint8Array(await readFile(file)), {
    pinned,
    seen: { newest: null, rotations: [] },
    installed: { version: '0.0.0', platform, arch, kind },
    now: deps.now(),
  })
  if (!told.ok) throw new AppError('invalid', refusalWords(told.error))
  describeRelease(deps.say, document.release)
  if (packages !== null) await compare(deps, document.release, packages)
  deps.say(`Signed by ${told.value.signers.join(' and ')}.`)
}

function verifyRotation({ say }: SigningDeps, { signed }: Document & { kind: 'rotation' }, pinned: KeySet): void {
  const signers = signedBy(pinned.keys, utf8(signed.statement), signed.signatures)
  if (!signers.ok) throw new AppError('invalid', refusalWords(signers.error))
  const followed = followRotations(pinned, [signed])
  if (!followed.ok) throw new AppError('invalid', refusalWords(followed.error))
  if (followed.value.led.length === 0) throw new AppError('invalid', 'It replaces keys that are replaced already.')
  say(signed.statement.trimEnd())
  say(`Signed by ${signers.value.join(' and ')}.`)
}

/** Answers the names of those that are not there. */
async function compare({ say }: SigningDeps, release: Release, folder: string): Promise<string[]> {
  const { same, different, absent } = await comparePackages(folder, release)
  for (const name of same) say(`the same bytes: ${name}`)
  for (const name of absent) say(`not compared, because it is not in ${folder}: ${name}`)
  if (different.length > 0) throw new AppError('conflict', `Other bytes than announced: ${different.join(', ')}.`)
  if (same.length === 0) throw new AppError('not-found', `None of the announced packages is in ${folder}.`)
  return absent
}

function describeRelease(say: (line: string) => void, { version, date, rollout, notes, files }: Release): void {
  say(`SpacePanda ${version}, announced ${date}, for ${rollout} % of all installations`)
  for (const { name, size, sha512 } of files) say(`  ${name}, ${size} bytes\n    ${sha512}`)
  say(notes)
}

function encoded(release: Release): string {
  try {
    return fromUtf8(encodeRelease(release))
  } catch {
    throw new AppError('invalid', 'That cannot be announced: look at the version, the notes (plain text), and the packages (one a system).')
  }
}

/** From resources/updates.json, or a file with nothing but a set. */
async function readKeys(file: string): Promise<KeySet> {
  const value = JSON.parse(await readFile(file, 'utf8')) as { url?: unknown; keys: unknown }
  const keys = readKeySet(value.url === undefined ? value : value.keys)
  if (keys === null) throw new AppError('invalid', `${file} does not name three different keys.`)
  return keys
}
