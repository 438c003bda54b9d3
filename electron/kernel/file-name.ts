const LONGEST_NAME = 100
const UNNAMED = 'SpacePanda'

/** A file name out of any text: it may be that of a channel, which others chose. No path, nothing hidden, nothing that is special anywhere. */
export function fileNameOf(text: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"/\\|?*]/gu, '-')
    .replace(/^[.\s-]+|[.\s]+$/gu, '')
  const short = Array.from(plain).slice(0, LONGEST_NAME).join('').trim()
  // Names of devices on Windows, whatever follows the point.
  return short === '' || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(short) ? UNNAMED : short
}
