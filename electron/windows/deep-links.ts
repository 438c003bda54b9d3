import { limits } from '../../shared/ipc/limits.ts'

/** The only kind of link there is: an invitation, its body in characters that no shell, URL parser or markup gives a meaning to. */
const JOIN_LINK = /^spacepanda:join\/[A-Za-z0-9._~-]+$/

/** The link exactly as given, or null when it is anything but an invitation link. What is inside is for the node to read. */
export const parseDeepLink = (text: unknown): string | null =>
  typeof text === 'string' && text.length <= limits.link && JOIN_LINK.test(text) ? text : null

/**
 * The link among the arguments of this process or of a second one. Other arguments are Chromium's or nobody's and mean nothing here.
 * Two different links are as good as none: nobody opens two at once, so something else wrote that command line.
 */
export function linkFromArgv(argv: readonly string[]): string | null {
  const links = new Set(argv.map(parseDeepLink).filter((link) => link !== null))
  const [only, ...others] = links
  return only !== undefined && others.length === 0 ? only : null
}
