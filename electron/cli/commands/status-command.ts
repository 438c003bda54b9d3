import type { Command } from 'commander'
import type { Channel, Connection, Space } from '../../../shared/domain/models.ts'
import type { CliContext } from '../context.ts'
import { connectionWords, mailboxWords, missingWords, peerWords, problemWords, unmetWords } from '../connection-words.ts'
import { placeWords, queuedWords } from '../people-words.ts'

export function addStatus(program: Command, { output, withNode }: CliContext): void {
  program
    .command('status')
    .description('show how this device is reached, who of each space is connected, and what waits for whom and why')
    .action(() =>
      withNode(async ({ api }) => {
        const status = await api['connection.status']({})
        const { reachability, reachedBy, listening, peers, places, queued, missing, mailboxes, unmet, lastErrors } = status
        const channels = channelNames(await api['spaces.list']({}))
        const joins = (await api['joins.list']({})).filter((j) => j.state.kind === 'working' || j.state.kind === 'waiting')
        const sessions = peers.map(({ peerId, state, direction, path, retryAt }) => ({ peerId, state, direction, path, retryAt }))
        output.result(
          {
            ...{ reachability, reachedBy, listening, peers, sessions, places, completeness: { missing }, queued, joins, mailboxes },
            ...{ unmet, lastErrors },
          },
          () =>
            [
              ...connectionWords({ reachability, reachedBy, listening }),
              ...places.flatMap(placeWords),
              ...unplaced(status).map(peerWords),
              ...mailboxes.map(mailboxWords),
              ...queued.flatMap((each) => queuedWords(each, channels.get(each.channelId) ?? each.channelId)),
              ...joins.map((j) => `Joining ${j.spaceName}: ${j.state.kind === 'waiting' ? j.state.message : 'under way'}`),
              ...missing.map(missingWords),
              ...unmet.map(unmetWords),
              ...problemWords(lastErrors),
            ].join('\n'),
        )
      }),
    )
}

/** Whoever is a member of a place stands there. */
function unplaced({ peers, places }: Connection): Connection['peers'] {
  const shown = new Set(places.map(({ spaceId }) => spaceId))
  return peers.filter(({ members }) => !members.some(({ spaceId }) => shown.has(spaceId)))
}

const channelNames = (spaces: readonly Space[]): ReadonlyMap<Channel['channelId'], string> =>
  new Map(spaces.flatMap((space) => space.channels.map((channel) => [channel.channelId, `#${channel.name} of ${space.name}`] as const)))
