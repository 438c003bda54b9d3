import type { SettingsRepository } from '../../ports/store.ts'

/** A counter of deletions; absent when every snapshot was made after the last of them. */
const STALE = 'snapshots-stale'

/** To be called in the transaction that deletes anything: snapshots made before still hold it. */
export function markSnapshotsStale(settings: SettingsRepository): void {
  settings.set(STALE, bytesOf((staleMark(settings) ?? 0) + 1))
}

/** Differs after every deletion; null when no snapshot holds anything that was deleted. */
export function staleMark(settings: Pick<SettingsRepository, 'get'>): number | null {
  const bytes = settings.get(STALE)
  return bytes === null ? null : Buffer.from(bytes).readUIntBE(0, 6)
}

/** When all snapshots made before `mark` are gone. Does nothing if something was deleted since. */
export function clearStaleMark(settings: SettingsRepository, mark: number): void {
  if (staleMark(settings) === mark) settings.delete(STALE)
}

function bytesOf(count: number): Uint8Array {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(count, 0, 6)
  return new Uint8Array(bytes)
}
