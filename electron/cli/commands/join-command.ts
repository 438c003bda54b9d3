import type { Command } from 'commander'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Join } from '../../../shared/domain/models.ts'
import { AppError } from '../../kernel/errors.ts'
import { awaitEvent } from '../await-event.ts'
import type { CliContext } from '../context.ts'
import { parseCount } from '../numbers.ts'
import type { CliNode } from '../open-node.ts'
import type { Output } from '../output.ts'
import { spaceWords } from '../space-words.ts'
import { validated } from '../validated.ts'

const steps = {
  connecting: 'Looking for someone who can let you in…',
  asking: 'Asking to be let in…',
  admitting: 'Waiting to be let in…',
  opening: 'Opening the space…',
} as const

const ENDED = 'Interrupted. The join was cancelled; the invitation can be used again.'
const GOES_ON = 'Interrupted. The join was under way before, and goes on by itself whenever SpacePanda runs over this folder.'

interface JoinOptions {
  name?: string
  timeout?: number
}

export function addJoinCommand(program: Command, { output, withNode, interrupted }: CliContext): void {
  program
    .command('join <LINK>')
    .description('join a space by its invitation link; keeps trying until it is in, refused, or the time is up')
    .option('--name <NAME>', 'the name to have there')
    .option('--timeout <SECONDS>', 'how long to wait; the join itself goes on afterwards while SpacePanda runs', parseCount)
    .action((link: string, { name, timeout }: JoinOptions) => {
      const args = validated('joins.start', { link, name })
      return withNode(async (node) => {
        const before = await node.api['joins.list']({})
        const { joinId } = await node.api['joins.start'](args)
        const wasUnderWay = before.some((join) => join.joinId === joinId)
        let told = ''
        const tell = (words: string) => {
          if (words !== told) output.progress(words)
          told = words
        }
        const outcome = (join: Join) => (join.joinId === joinId ? settled(join, tell) : null)
        const spaceId = await awaitEvent(node, {
          now: async () => {
            const join = (await node.api['joins.list']({})).find((j) => j.joinId === joinId)
            return join === undefined ? null : outcome(join)
          },
          seen: (event) => (event.event === 'join.changed' ? outcome(event.data) : null),
          timeoutMs: timeout === undefined ? null : timeout * 1000,
          late: 'Not in yet. The join goes on by itself whenever SpacePanda runs over this folder, until the invitation expires.',
          interrupted,
        }).catch(async (thrown: unknown) => {
          if (!interrupted.aborted) throw thrown
          // What an earlier command, or the window, began is not this one's to end.
          if (!wasUnderWay) await node.api['joins.cancel']({ joinId })
          throw new AppError('cancelled', wasUnderWay ? GOES_ON : ENDED, { cause: thrown })
        })
        const space = (await node.api['spaces.list']({})).find((s) => s.spaceId === spaceId)
        const channels = (space?.channels ?? []).map(({ channelId, name: channelName, kind }) => ({ channelId, name: channelName, kind }))
        if (name !== undefined) await tellOtherName(node, { spaceId, name }, output)
        output.result({ spaceId, channels }, () => (space === undefined ? `You are in ${spaceId}.` : `You are in.\n${spaceWords(space)}`))
      })
    })
}

/** Who was there before is let in as who they were, whatever name they ask for now. */
async function tellOtherName({ api }: CliNode, { spaceId, name }: { spaceId: SpaceId; name: string }, output: Output): Promise<void> {
  const own = (await api['members.list']({ spaceId })).find(({ self }) => self)
  if (own !== undefined && own.name !== name) output.progress(`You are there as ${own.name}, the name you had before.`)
}

/** The space once joined; null while it goes on. Throws why not. */
function settled({ state }: Join, progress: (words: string) => void) {
  if (state.kind === 'done') return state.spaceId
  if (state.kind === 'refused') throw new AppError(state.code, state.message)
  if (state.kind === 'cancelled') throw new AppError('cancelled', 'The join was cancelled.')
  progress(state.kind === 'waiting' ? state.message : steps[state.step])
  return null
}
