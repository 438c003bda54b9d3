import type { Random } from './random.ts'

/** So many of them, or all where there are fewer, each as likely as any other. */
export function drawLots<T>(random: Random, from: readonly T[], count: number): T[] {
  const left = [...from]
  const drawn: T[] = []
  while (drawn.length < count && left.length > 0) drawn.push(...left.splice(Math.floor(random.fraction() * left.length), 1))
  return drawn
}
