import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { MemberId } from '../../shared/domain/ids.ts'
import type { Channel, SearchHit, Space } from '../../shared/domain/models.ts'
import type { MenuItem } from '../components/menu.tsx'
import { ConversationHeader } from '../features/conversation/conversation-header.tsx'
import { ConversationView } from '../features/conversation/conversation-view.tsx'
import { membersOf } from '../features/members/members-store.ts'
import { SearchBox } from '../features/search/search-box.tsx'
import { useStores } from './stores.ts'

interface ConversationProps {
  space: Space
  channel: Channel
  lead: ReactNode
  tools: ReactNode
  more: readonly MenuItem[]
}

/** Puts the keyboard where one writes. */
const focusComposer = () => document.querySelector<HTMLElement>('main textarea')?.focus()

/** The open channel, with what it needs of the window. */
export function Conversation({ space, channel, lead, tools, more }: ConversationProps) {
  const { ui, spaces, connection, members, messages, quotes, drafts, client, search } = useStores()
  const everyone = useStore(members.store, (state) => membersOf(state, channel.membersOf))
  const status = useStore(connection.store, (state) => state.connection)
  // What somebody left unsaid who is gone may never come.
  const isHere = (memberId: MemberId) => everyone.some((member) => member.memberId === memberId)
  const all = status.kind === 'ready' ? status.value.missing : []
  const missing = all.filter(({ spaceId, memberId }) => spaceId === space.spaceId && isHere(memberId))
  const went = useStore(ui.store, (state) => state.went)
  const goTo = ({ spaceId, message }: SearchHit) => ui.goTo(spaceId, message.channelId, message.messageId)
  const header = (
    <ConversationHeader
      channel={channel}
      now={client.now()}
      onDate={(at) => void messages.jump(channel.channelId, { kind: 'date', at })}
      onAct={(kind) => ui.show({ kind })}
      lead={lead}
      search={<SearchBox store={search} place={{ space, channel }} onGo={goTo} onLeave={focusComposer} />}
      tools={tools}
      more={more}
    />
  )
  return (
    <ConversationView
      space={space}
      channel={channel}
      members={everyone}
      messages={messages}
      quotes={quotes}
      drafts={drafts}
      went={went}
      copyText={client.copyText}
      now={client.now}
      onInvite={() => ui.show({ kind: 'invite' })}
      onAddPeople={() => ui.show({ kind: 'add-people' })}
      onJoin={() => ui.show({ kind: 'join', link: '', joinId: null })}
      onForget={() => ui.show({ kind: space.status.kind === 'removed' ? 'forget-space' : 'forget-channel' })}
      missing={missing}
      onGoOn={() => spaces.repair(channel.membersOf)}
      header={header}
    />
  )
}
