import type { Command } from 'commander'
import type { Reach } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import type { CliContext } from '../context.ts'
import { validated } from '../validated.ts'

/** Key on the command line → what it is of. */
const keys = { reachability: 'reachability', relays: 'relays', 'invited-relays': 'invitedRelays', bootstrap: 'bootstrap' } as const
type Key = keyof typeof keys

const isKey = (text: string): text is Key => Object.hasOwn(keys, text)

function keyOf(text: string): Key {
  if (!isKey(text)) throw new AppError('usage', `There is no such setting. There are: ${Object.keys(keys).join(', ')}.`)
  return text
}

const shown = (reach: Reach, key: Key): string => [reach[keys[key]]].flat().join(',')

const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

const changed = (reach: Reach, key: Key, value: string): object => ({
  ...reach,
  [keys[key]]: key === 'reachability' ? value : listed(value),
})

export function addConfigCommands(program: Command, { output, withNode }: CliContext): void {
  const config = program.command('config').description('show and change settings')

  config
    .command('get')
    .argument('<KEY>', Object.keys(keys).join(', '))
    .action((text: string) => {
      const key = keyOf(text)
      return withNode(async ({ api }) => {
        const value = shown(await api['reach.get']({}), key)
        output.result({ key, value }, () => value)
      })
    })

  config
    .command('set')
    .argument('<KEY>', Object.keys(keys).join(', '))
    .argument('<VALUE>', 'of reachability: local, relays or public; of the others: addresses, comma separated, or "" for none')
    .action((text: string, given: string) => {
      const key = keyOf(text)
      const none: Reach = { reachability: 'local', relays: [], invitedRelays: [], bootstrap: [] }
      validated('reach.set', changed(none, key, given) as Reach)
      return withNode(async ({ api }) => {
        const wished = validated('reach.set', changed(await api['reach.get']({}), key, given) as Reach)
        const value = shown(await api['reach.set'](wished), key)
        output.result({ key, value }, () => value)
      })
    })
}
