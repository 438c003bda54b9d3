const cache = new Map<string, Intl.DateTimeFormat>()

function formatter(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options)
  const known = cache.get(key)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat(language, options)
  cache.set(key, made)
  return made
}

/** Hours and minutes. Times are milliseconds since the Unix epoch, shown in the local zone. */
export const clockTime = (language: string, at: number): string => formatter(language, { hour: 'numeric', minute: '2-digit' }).format(at)

export const clockTimeWithSeconds = (language: string, at: number): string =>
  formatter(language, { hour: 'numeric', minute: '2-digit', second: '2-digit' }).format(at)

export const dateAndTime = (language: string, at: number): string =>
  formatter(language, { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(at)

/** Local calendar day as a number that differs for every day and grows. */
export function dayNumber(at: number): number {
  const date = new Date(at)
  return Math.round(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000)
}

/** “Today”, “Yesterday”, else the date; with the year when it is not this one. */
export function dayLabel(language: string, at: number, now: number, words: { today: string; yesterday: string }): string {
  const distance = dayNumber(now) - dayNumber(at)
  if (distance === 0) return words.today
  if (distance === 1) return words.yesterday
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear()
  return formatter(language, { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(at)
}

/** “Ana”, “Ana and Bo”, “Ana, Bo and Cy”. */
export const nameList = (language: string, names: readonly string[]): string =>
  new Intl.ListFormat(language, { style: 'long', type: 'conjunction' }).format(names)

/** “512 kB”, “12.4 MB”: at most three digits that matter. */
export function fileSize(language: string, bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const
  const step = Math.min(units.length - 1, bytes < 1_000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const options: Intl.NumberFormatOptions = { style: 'unit', unit: units[step] ?? 'byte', maximumSignificantDigits: 3 }
  return new Intl.NumberFormat(language, options).format(bytes / 1_000 ** step)
}

/** A moment that may be long ago: with its year. */
export const longDateAndTime = (language: string, at: number): string =>
  formatter(language, { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' }).format(at)

/** A local calendar day as it stands in names of files and in date inputs: 2026-11-21. */
export function isoDate(at: number): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** The first moment of a local calendar day written as 2026-11-21; null for anything else. */
export function startOfDay(text: string): number | null {
  const [, year, month, day] = /^(\d{4,5})-(\d{2})-(\d{2})$/.exec(text) ?? []
  if (year === undefined) return null
  const at = new Date(Number(year), Number(month) - 1, Number(day)).getTime()
  return isoDate(at) === text ? at : null
}
