import { posix } from 'node:path'

/** The window's own scheme and the one host it answers for. */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://spacepanda'
export const APP_ENTRY = `${APP_ORIGIN}/index.html`

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
}

/** One folder or file name of what our own build writes: no dot in front, nothing a file system reads in its own way. */
const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/
const MAX_URL_LENGTH = 512

export interface AppFile {
  /** Relative to the folder of the built renderer, with forward slashes. */
  path: string
  contentType: string
}

/** Whether a URL belongs to the window's own origin. Anything that does not parse does not. */
export function isAppUrl(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host, username, password } = new URL(url)
  return `${protocol}//${host}` === APP_ORIGIN && username === '' && password === ''
}

/**
 * The file of the built renderer that an `app://` URL names, or null for everything else: another host, a query,
 * anything percent-encoded, a name that could leave the folder, or a type the renderer does not consist of.
 */
export function resolveAppFile(url: string): AppFile | null {
  if (url.length > MAX_URL_LENGTH || !url.startsWith(`${APP_ORIGIN}/`)) return null
  const path = url.slice(APP_ORIGIN.length + 1)
  if (!path.split('/').every((segment) => SEGMENT.test(segment) && !segment.includes('..'))) return null
  const contentType = contentTypes[posix.extname(path)]
  return contentType === undefined ? null : { path, contentType }
}
