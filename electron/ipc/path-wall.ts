import { contract } from '../../shared/ipc/contract.ts'
import type { FileWish } from '../../shared/ipc/bridge.ts'
import type { Method } from '../../shared/ipc/contract.ts'
import { AppError } from '../kernel/errors.ts'

export type FilePurpose = FileWish['purpose']

/** Where in the calls that name a place on the disk the path stands, and which choice allows it. */
interface PathRule {
  pathIn(args: Fields): unknown
  purpose(args: Fields): FilePurpose | null
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

const file = (purpose: FilePurpose): PathRule => ({ pathIn: (args) => args['file'], purpose: () => purpose })

const rules: Partial<Record<Method, PathRule>> = {
  'backup.create': file('save-backup'),
  'backup.verify': file('open-backup'),
  'backup.restore': file('open-backup'),
  'backup.setSchedule': {
    pathIn: ({ schedule }) => (isFields(schedule) ? schedule['folder'] : undefined),
    purpose: () => 'backup-folder',
  },
  'export.channel': {
    pathIn: (args) => args['file'],
    purpose: ({ format }) => (format === 'json' ? 'save-json' : format === 'html' ? 'save-html' : null),
  },
}

/** A person chooses a few in a session; whoever asks for more forgets the oldest. */
const REMEMBERED = 100

/**
 * What the window may name on this computer's disk: only what its person chose in a dialog of the system's since the program started,
 * and each only for what it was chosen for. A page that was taken over can neither read nor write anything else.
 */
export class PathWall {
  readonly #chosen = new Set<string>()

  /** Notes a choice of the person's. */
  choose(purpose: FilePurpose, path: string): void {
    const key = keyOf(purpose, path)
    this.#chosen.delete(key)
    this.#chosen.add(key)
    const [oldest] = this.#chosen
    if (this.#chosen.size > REMEMBERED && oldest !== undefined) this.#chosen.delete(oldest)
  }

  /**
   * Throws `AppError('not-permitted')` for a call of the window's that names a path nobody chose. `known` answers paths that need no
   * choice because the program uses them for the same purpose already. Whether the call is one at all is for others to say.
   */
  async check(method: unknown, args: unknown, known: (purpose: FilePurpose) => Promise<string | null>): Promise<void> {
    const rule = typeof method === 'string' && Object.hasOwn(rules, method) ? rules[method as Method] : undefined
    if (rule === undefined || !isFields(args)) return
    const path = rule.pathIn(args)
    // No text is no path: the contract's schema refuses it, or it means that there is none.
    if (typeof path !== 'string') return
    const purpose = rule.purpose(args)
    if (purpose !== null && (this.#chosen.has(keyOf(purpose, path)) || (await known(purpose)) === path)) return
    throw new AppError('not-permitted', 'Choose the file in the dialog first.')
  }
}

const keyOf = (purpose: FilePurpose, path: string): string => `${purpose} ${path}`

/** Calls for which there is a rule; a test compares them with the contract. */
export const guardedMethods = Object.keys(rules).filter((method): method is Method => Object.hasOwn(contract, method))
