import type { SearchHit, Space } from '../../shared/domain/models.ts'
import { channelName } from '../components/channel-name.ts'
import { SearchPanel } from '../features/search/search-panel.tsx'
import { useStores } from './stores.ts'

/** What was found, beside the conversation. Going to a hit leaves the others where they are. */
export function SearchResults({ spaces }: { spaces: readonly Space[] }) {
  const { ui, search, client } = useStores()
  const placeOf = ({ spaceId, message }: SearchHit) => {
    const space = spaces.find((known) => known.spaceId === spaceId)
    const channel = space?.channels.find((known) => known.channelId === message.channelId)
    return space === undefined || channel === undefined ? null : { space: space.name, kind: channel.kind, channel: channelName(channel) }
  }
  return (
    <SearchPanel
      store={search}
      placeOf={placeOf}
      now={client.now()}
      onGo={({ spaceId, message }) => ui.goTo(spaceId, message.channelId, message.messageId)}
      onClose={search.close}
    />
  )
}
