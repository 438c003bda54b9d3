import { dirname, resolve } from 'node:path'

/**
 * The AppImage that this program was started from; null for none. Every program hands its environment on, so one that was started from
 * somebody else's AppImage (by a link in a browser) is told of that one, and would take itself for it.
 */
export function runningImage(
  executable: string,
  { APPIMAGE: image, APPDIR: mounted }: Readonly<Record<string, string | undefined>>,
  exists: (file: string) => boolean,
): string | null {
  const isOurs = image !== undefined && mounted !== undefined && dirname(executable) === resolve(mounted) && exists(image)
  return isOurs ? image : null
}
