import { setTimeout as sleep } from 'node:timers/promises'
import { seededDice } from '../crash/dice.ts'
import type { Dice } from '../crash/dice.ts'
import { NO_FAULTS } from '../network/fault-proxy.ts'
import { mode } from '../processes/proxied-town.ts'
import { tempDir } from '../temp-dir.ts'
import { ACTS, askAtLast, join } from './acts.ts'
import type { Act, Story } from './acts.ts'
import { Book } from './book.ts'
import { complaints, observe } from './ending.ts'
import { People } from './people.ts'

const NAMES = ['ann', 'bob', 'cem', 'dea', 'eve', 'fay', 'gus', 'hal']
/** Who is out by a commit that lost is astray for minutes before it is told: longer than that. */
const PATIENCE_MS = 420_000
const LOOK_EVERY_MS = 500

export interface Plan {
  seed: number
  /** 4 to 8. */
  people: number
  /** How often one or several things are done at once. */
  beats: number
  /** With a relay that keeps a mailbox, without which some of them never reach each other. */
  hasRelay?: boolean
  /** Whoever waits for the end wants to see it. */
  tell?: (line: string) => void
  /** Something is wrong, and everybody still there, in this folder, until it resolves. */
  look?: (folder: string, complaints: readonly string[], lines: readonly string[]) => Promise<void>
}

export interface Played {
  /** What was wrong at the end; empty if all was well. */
  complaints: string[]
  /** What was done. */
  lines: string[]
  /** How long it took after the last act until all was well. */
  settledMs: number
}

/**
 * Real processes over real sockets, to whom anything happens at any time: they join, talk, make channels, are removed and leave, are killed
 * and start, while lines are cut, stalled and noisy. What happens follows from the seed; how it falls together with what the processes do
 * does not. In the end everybody is up, all lines carry, and all has to be as it should.
 */
export async function play({ seed, people: count, beats, hasRelay = false, tell = () => undefined, look }: Plan): Promise<Played> {
  const folder = tempDir()
  const people = new People(folder.dir, NAMES.slice(0, count), { seed, hasRelay })
  const lines: string[] = []
  const hear = (line: string): void => {
    lines.push(line)
    tell(line)
  }
  try {
    const { complaints: wrong, settledMs } = await playOut(people, seededDice(seed), beats, hear)
    if (wrong.length > 0) await look?.(folder.dir, wrong, lines)
    return { complaints: wrong, settledMs, lines }
  } finally {
    await people.dispose()
    folder.remove()
  }
}

async function playOut(people: People, dice: Dice, beats: number, tell: (line: string) => void): Promise<Omit<Played, 'lines'>> {
  try {
    await people.raise()
    const story = await begin(people, dice, tell)
    for (let beat = 0; beat < beats; beat++) {
      const acts = Array.from({ length: dice.pick([1, 1, 2, 3]) }, () => act(story))
      // one that fails ends the story once the others are over
      for (const each of await Promise.allSettled(acts)) if (each.status === 'rejected') throw each.reason
      await observe(people, story.book)
      await sleep(dice.between(0, 1_200))
    }
    return await end(story)
  } catch (thrown) {
    return { complaints: [reasonsOf(thrown)], settledMs: 0 }
  }
}

const reasonsOf = (thrown: unknown): string =>
  thrown instanceof Error ? `${thrown.message}${thrown.cause === undefined ? '' : `: ${reasonsOf(thrown.cause)}`}` : String(thrown)

async function begin(people: People, dice: Dice, tell: (line: string) => void): Promise<Story> {
  const [founder = ''] = people.town.names
  const api = people.api(founder)
  if (people.relay !== null) await api['reach.set']({ ...(await api['reach.get']({})), relays: [people.relay.address] })
  const { spaceId } = await api['spaces.create']({ name: 'Friends' })
  let word = 0
  const book = new Book({ spaceId, founder, names: people.town.names, tell })
  const story: Story = { people, dice, book, nextWord: () => word++ }
  for (let joins = dice.between(1, people.town.names.length - 2); joins > 0; joins--) await perform(story, join)
  return story
}

async function perform(story: Story, what: Act): Promise<boolean> {
  const begun = what(story)
  if (begun === null) return false
  story.book.note(begun.what)
  await begun.done
  return true
}

async function act(story: Story): Promise<void> {
  const lots = ACTS.flatMap(([weight, each]) => Array.from({ length: weight }, () => each))
  for (let tries = 0; tries < 20; tries++) if (await perform(story, story.dice.pick(lots))) return
}

async function end(story: Story): Promise<Omit<Played, 'lines'>> {
  const { people, book } = story
  mode(people.lines(), 'carry')
  for (const proxy of people.lines()) proxy.set(NO_FAULTS)
  if (people.relay?.isDown === true) await people.relay.start()
  await Promise.all(people.town.names.filter((name) => !people.isUp(name)).map((name) => people.start(name)))
  book.note('everybody is up, all lines carry')
  const begun = performance.now()
  await observe(people, book)
  await askAtLast(story)
  for (;;) {
    const wrong = await complaints(people, book)
    const settledMs = performance.now() - begun
    if (wrong.length === 0 || settledMs > PATIENCE_MS) return { complaints: wrong, settledMs }
    await sleep(LOOK_EVERY_MS)
  }
}
