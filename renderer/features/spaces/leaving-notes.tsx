import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SpaceId } from '../../../shared/domain/ids.ts'
import type { Space } from '../../../shared/domain/models.ts'
import { Button } from '../../components/button.tsx'
import { safeName } from '../../components/safe-text.ts'
import css from './leaving-notes.module.css'

interface LeavingNotesProps {
  spaces: readonly Space[]
  /** Whether a member of that space is connected. */
  isConnected: (spaceId: SpaceId) => boolean
}

/** At the foot of the window: which spaces were left whose members do not know yet. Dismissed it goes on all the same. */
export function LeavingNotes({ spaces, isConnected }: LeavingNotesProps) {
  const { t } = useTranslation()
  const [dismissed, setDismissed] = useState<ReadonlySet<SpaceId>>(new Set())
  const shown = spaces.filter((space) => space.status.kind === 'leaving' && !dismissed.has(space.spaceId))
  return shown.map((space) => (
    <div key={space.spaceId} className={css['note']}>
      <span role="status" className={css['words']}>
        {t(isConnected(space.spaceId) ? 'leaving.leftTelling' : 'leaving.left', { space: safeName(space.name) })}
      </span>
      <Button tone="quiet" onClick={() => setDismissed((before) => new Set(before).add(space.spaceId))}>
        {t('leaving.dismiss')}
      </Button>
    </div>
  ))
}
