import type { Work } from '../../kernel/work.ts'

/** A page of the main file whose authentication code does not fit its content: damage. Counted from 1. */
export type PageNumber = number

/** A table or index that SQLite finds damaged. */
export interface TreeFault {
  kind: 'table' | 'index'
  name: string
}

/** The encrypted database at one moment: it does not change while it is held still, though messages are written meanwhile. */
export interface StillDatabase {
  /** Bytes there are to read. */
  readonly size: number
  /**
   * All of them in order, the encrypted bytes as they are, a chunk at a time; each chunk is the caller's to keep.
   * Progress is told in bytes. Throws `AppError`: 'cancelled', 'stopping' (the store was closed), 'disk', 'conflict' (see `holdStill`),
   * 'unreadable': a damaged page is never given out, so that no bad copy takes the place of a good one.
   */
  chunks(work: Work): AsyncGenerator<Uint8Array>
}

/** The file of an open database: for copies of it and for checks of it. Nothing else in the process may open it, not even to read. */
export interface DatabaseFile {
  readonly path: string
  /** Bytes of the database file; what is still only in the log is not counted. */
  size(): number
  /**
   * Moves what is in the log into the file and empties the log, so that nothing deleted is left in it.
   * While the file is held still it happens at the end of that instead. Throws `AppError('disk' | 'unreadable' | 'stopping')`.
   */
  checkpoint(): void
  /**
   * Runs `use` while the file stays as it is: what is written meanwhile waits in the log. One at a time; others wait.
   * Where so much is written that the log would become very large, reading the chunks fails with 'conflict'.
   */
  holdStill<T>(use: (still: StillDatabase) => Promise<T>): Promise<T>
  /**
   * A consistent, encrypted copy (mode 0600), whole or not at all, durable when it resolves; replaces what `target` was.
   * Throws `AppError`: 'cancelled', 'disk', 'stopping', 'conflict', 'unreadable'. Whatever happens, no temporary file stays.
   */
  copyTo(target: string, work: Work): Promise<void>
  /** SQLite's `quick_check`, table by table. Empty where nothing is wrong. Progress is told in tables. */
  quickCheck(work: Work): Promise<TreeFault[]>
  /**
   * Verifies the cipher's authentication code of each page in the file from page `from` on, at most `limit` pages, a slice at a time.
   * Answers those that fail and the page to go on from; null at the end. Progress is told in pages.
   */
  verifyPages(from: PageNumber, limit: number, work: Work): Promise<{ damaged: PageNumber[]; next: PageNumber | null }>
}
