import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { JoinId } from '../../../shared/domain/ids.ts'
import type { Join, Space } from '../../../shared/domain/models.ts'
import { safeName } from '../../components/safe-text.ts'
import { Tile } from '../../components/tile.tsx'
import { Tip } from '../../components/tip.tsx'
import { openJoins } from './joins-store.ts'
import type { JoinsStore } from './joins-store.ts'
import { isNobodyThere, useRefusalWords } from './refusal-words.ts'
import css from './joins.module.css'

interface JoinTilesProps {
  store: JoinsStore
  /** Those this device is in already need no joining. */
  spaces: readonly Space[]
  onOpen: (joinId: JoinId) => void
}

const useJoinLabel = () => {
  const { t } = useTranslation()
  return (join: Join) => t(join.state.kind === 'refused' ? 'joins.refusedTile' : 'joins.underWay', { space: safeName(join.spaceName) })
}

/** In the rail: a dashed tile for every space that is being joined, until it is there. */
export function JoinTiles({ store, spaces, onOpen }: JoinTilesProps) {
  const label = useJoinLabel()
  const joins = openJoins(
    useStore(store.store, (state) => state.joins),
    spaces,
  )
  return joins.map((join) => (
    <Tip key={join.joinId} text={label(join)} side="right">
      <button
        type="button"
        className={css['tile']}
        aria-label={label(join)}
        data-state={join.state.kind}
        data-roving
        onClick={() => onOpen(join.joinId)}
      >
        <Tile id={join.spaceId} name={join.spaceName} />
      </button>
    </Tip>
  ))
}

/** On the welcome page: the same, with the step in words. */
export function JoinRows({ store, spaces, onOpen }: JoinTilesProps) {
  const { t } = useTranslation()
  const words = useRefusalWords()
  const label = useJoinLabel()
  const joins = openJoins(
    useStore(store.store, (state) => state.joins),
    spaces,
  )
  if (joins.length === 0) return null
  const detail = ({ state, trouble }: Join) => {
    if (state.kind === 'refused') return words(state)
    if (state.kind !== 'working' && state.kind !== 'waiting') return ''
    const last = state.kind === 'waiting' ? state : trouble
    return last !== null && isNobodyThere(last) ? t('joins.nobodyNow') : t(`joins.steps.${state.step}`)
  }
  return (
    <div className={css['banner']}>
      {joins.map((join) => (
        <button key={join.joinId} type="button" className={css['row']} onClick={() => onOpen(join.joinId)}>
          <Tile id={join.spaceId} name={join.spaceName} />
          <span>
            <span className={css['previewName']} dir="auto">
              {label(join)}
            </span>
            <br />
            <span className={css['previewDetail']}>{detail(join)}</span>
          </span>
        </button>
      ))}
    </div>
  )
}
