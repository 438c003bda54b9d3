import { readFileSync, renameSync, writeFileSync } from 'node:fs'

/** In the display's own pixels. */
export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}

export interface WindowState {
  bounds: Rectangle
  maximized: boolean
}

export const MIN_SIZE = { width: 480, height: 480 } as const
export const DEFAULT_SIZE = { width: 1280, height: 800 } as const
/** So much of the window's top must be on some display that a person can take hold of it. */
const MIN_GRIP = { width: 120, height: 32 } as const
/** No display is larger; a number beyond it is a damaged file. */
const MAX_COORDINATE = 100_000

const isCoordinate = (value: unknown): value is number => Number.isSafeInteger(value) && Math.abs(value as number) <= MAX_COORDINATE

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Reads what `stateText` wrote; null for anything else. By hand because the schema library is not loaded before the window. */
export function parseState(text: string): WindowState | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isRecord(value) || !isRecord(value['bounds']) || typeof value['maximized'] !== 'boolean') return null
  const { x, y, width, height } = value['bounds']
  if (!isCoordinate(x) || !isCoordinate(y) || !isCoordinate(width) || !isCoordinate(height)) return null
  if (width < MIN_SIZE.width || height < MIN_SIZE.height) return null
  return { bounds: { x, y, width, height }, maximized: value['maximized'] }
}

export const stateText = (state: WindowState): string => `${JSON.stringify(state)}\n`

const overlap = (a: number, aLength: number, b: number, bLength: number): number => Math.min(a + aLength, b + bLength) - Math.max(a, b)

/**
 * Where to put the window: where it was, if a display is still there to take hold of it, never larger than that display;
 * else null, and the system places a window of the default size. `workAreas` are the displays without their bars.
 */
export function fitState(state: WindowState, workAreas: readonly Rectangle[]): WindowState | null {
  const { bounds } = state
  const home = workAreas.find(
    (area) =>
      overlap(bounds.x, bounds.width, area.x, area.width) >= MIN_GRIP.width &&
      overlap(bounds.y, MIN_GRIP.height, area.y, area.height) >= MIN_GRIP.height,
  )
  if (home === undefined) return null
  const width = Math.max(MIN_SIZE.width, Math.min(bounds.width, home.width))
  const height = Math.max(MIN_SIZE.height, Math.min(bounds.height, home.height))
  return { bounds: { x: bounds.x, y: bounds.y, width, height }, maximized: state.maximized }
}

/** The state in `file`, or null when there is none or it is damaged: a window's place is not worth an error. */
export function readState(file: string): WindowState | null {
  try {
    return parseState(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}

/** Replaces the file as a whole, so that a crash leaves the old one. */
export function writeState(file: string, state: WindowState): void {
  const draft = `${file}.new`
  writeFileSync(draft, stateText(state), { mode: 0o600 })
  renameSync(draft, file)
}
