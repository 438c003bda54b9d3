import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelId } from '../../shared/domain/ids.ts'
import { safeName, spokenText } from '../components/safe-text.ts'
import { useStores } from './stores.ts'

/** What a screen reader says of messages that arrive: whole in the open channel, only where from elsewhere. */
export function useAnnouncements(open: ChannelId | null): string {
  const { client, spaces } = useStores()
  const { t } = useTranslation()
  const [said, setSaid] = useState('')
  useEffect(
    () =>
      client.on('message.added', ({ author, channelId, text, seq }) => {
        // What was said long ago is there to be read, not news.
        if (author.self || seq < 0) return
        const name = safeName(author.name)
        if (channelId === open) return setSaid(t('announce.message', { author: name, text: spokenText(text) }))
        const known = spaces.store.getState().spaces
        const channels = known.kind === 'ready' ? known.value.flatMap((space) => space.channels) : []
        const channel = channels.find((candidate) => candidate.channelId === channelId)
        if (channel?.kind === 'direct') setSaid(t('announce.toYou', { author: name }))
        else if (channel !== undefined) setSaid(t('announce.elsewhere', { author: name, channel: safeName(channel.name) }))
      }),
    [client, spaces, open, t],
  )
  return said
}
