import { dirname } from 'node:path'
import type { TaskResult } from '../../../shared/domain/tasks.ts'
import { unmovingBytes } from '../../kernel/bytes.ts'
import { AppError } from '../../kernel/errors.ts'
import { Redacted } from '../../kernel/redacted.ts'
import type { Work } from '../../kernel/work.ts'
import { createBackup } from '../../storage/backup/create-backup.ts'
import { nothingOpens, portable, wrapsOfBackup } from '../../storage/backup/portable-wraps.ts'
import { PASSPHRASE_WORK_MS } from '../../storage/key-file/argon2.ts'
import { diskTook } from '../../storage/key-file/disk-fault.ts'
import { readHeader } from '../../storage/key-file/header-pair.ts'
import type { Wrap } from '../../storage/key-file/header.ts'
import type { OpenProfile } from '../api/context.ts'
import type { NodeOptions } from '../node-handle.ts'
import { noteBackup } from './backup-record.ts'
import { scratchFolder } from './scratch-folder.ts'

type Result = Extract<TaskResult, { kind: 'backup' }>

export interface BackingUp {
  profile: Pick<OpenProfile, 'store' | 'key'>
  options: Pick<NodeOptions, 'dataDir' | 'clock' | 'random' | 'passphraseWorkMs'>
  file: string
  replace: boolean
  /** For the backup alone; null where what opens the profile opens the backup. */
  passphrase: string | null
  /** Made while somebody waits for it: then its structure is looked at too, for which everything else stands still now and then. */
  awaited: boolean
}

function wrapsOf(dataDir: string): Wrap[] {
  const reading = readHeader(dataDir)
  if (reading.kind !== 'present') throw new AppError('unreadable', 'The key file of this profile is missing or damaged. Repair it first.')
  return reading.header.wraps
}

/** Throws `AppError('passphrase-required')` where a backup could be opened on this computer alone, 'unreadable' without a key file. */
export function demandOpener(dataDir: string, passphrase: string | null): void {
  if (passphrase === null && portable(wrapsOf(dataDir)).length === 0) throw nothingOpens()
}

/** Makes a backup of an open profile, verifies it and remembers that there is one, where there is room to. Throws what `createBackup` throws. */
export async function backUp({ profile, options, file, replace, passphrase, awaited }: BackingUp, work: Work): Promise<Result> {
  const { dataDir, clock, random, passphraseWorkMs: workMs = PASSPHRASE_WORK_MS } = options
  // The profile may be closed meanwhile, and its key wiped; what was begun then ends in words.
  const key = new Redacted(unmovingBytes(profile.key.reveal()))
  try {
    const wraps = await wrapsOfBackup(wrapsOf(dataDir), { key, passphrase, random, workMs })
    const scratch = scratchFolder([dataDir, dirname(file)], profile.store.file.size())
    const target = { file, replace, scratch, structure: awaited }
    const source = { store: profile.store, key, wraps, createdAt: clock.now(), random }
    const { spaces, messages, bytes } = await createBackup(source, target, work).catch(ofProfile)
    // The backup is there and good, also if the profile is on a full disk and cannot remember it.
    diskTook(() => noteBackup(profile.store, clock.now(), file))
    return { kind: 'backup', file, bytes, spaces, messages }
  } finally {
    key.wipe()
  }
}

/** A copy that is damaged was made of a damaged profile. */
function ofProfile(thrown: unknown): never {
  if (thrown instanceof AppError && thrown.code === 'unreadable') {
    throw new AppError('unreadable', 'This profile is damaged, so no backup was made of it. Let SpacePanda check and repair it first.', {
      cause: thrown,
    })
  }
  throw thrown
}
