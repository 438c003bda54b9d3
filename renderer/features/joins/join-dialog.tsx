import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { JoinId, SpaceId } from '../../../shared/domain/ids.ts'
import { Dialog } from '../../components/dialog.tsx'
import { safeName } from '../../components/safe-text.ts'
import { JoinForm } from './join-form.tsx'
import { JoinProgress } from './join-progress.tsx'
import type { JoinsStore } from './joins-store.ts'

interface JoinDialogProps {
  store: JoinsStore
  /** A link opened from outside, to be asked about; empty when the person brings their own. */
  link: string
  /** The join to show at once, when one under way was chosen. */
  joinId: JoinId | null
  onJoined: (spaceId: SpaceId) => void
  onClose: () => void
}

/** From pasted link to open door. Closing it does not stop a join. */
export function JoinDialog({ store, link, joinId: first, onJoined, onClose }: JoinDialogProps) {
  const { t } = useTranslation()
  const [joinId, setJoinId] = useState(first)
  const join = useStore(store.store, (state) => state.joins.find((known) => known.joinId === joinId))
  const state = join?.state
  const arrived = useRef(onJoined)
  useEffect(() => {
    arrived.current = onJoined
  })
  const done = state?.kind === 'done' ? state.spaceId : null
  useEffect(() => {
    if (done !== null) arrived.current(done)
  }, [done])

  if (join === undefined || done !== null) {
    return (
      <Dialog title={t('joins.title')} onClose={onClose}>
        <JoinForm store={store} link={link} onStarted={setJoinId} onClose={onClose} />
      </Dialog>
    )
  }
  const space = safeName(join.spaceName)
  const title =
    state?.kind === 'refused'
      ? t('joins.refusedTitle', { space })
      : state?.kind === 'cancelled'
        ? t('joins.cancelledTitle', { space })
        : t('joins.progressTitle', { space })
  return (
    <Dialog title={title} onClose={onClose}>
      <JoinProgress store={store} join={join} onAnother={() => setJoinId(null)} onClose={onClose} />
    </Dialog>
  )
}
