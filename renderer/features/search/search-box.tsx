import { useEffect, useRef } from 'react'
import { Search, X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { SearchHit } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { IconButton } from '../../components/button.tsx'
import { HITS_ID, hitId } from './search-ids.ts'
import type { SearchPlace, SearchStore } from './search-store.ts'
import css from './search.module.css'

interface SearchBoxProps {
  store: SearchStore
  place: SearchPlace
  onGo: (hit: SearchHit) => void
  /** The keyboard goes back to where one writes. */
  onLeave: () => void
}

/** Words to look for among all messages. What is found stands in the panel beside the conversation. */
export function SearchBox({ store, place, onGo, onLeave }: SearchBoxProps) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const { open, text, results, active, asked } = useStore(store.store)
  const hits = results.kind === 'found' ? results.hits : []

  const before = useRef(asked)
  useEffect(() => {
    if (asked === before.current) return
    before.current = asked
    input.current?.focus()
    input.current?.select()
  }, [asked])

  const leave = () => {
    store.close()
    onLeave()
  }
  const move = (step: number) => {
    if (hits.length === 0) return
    const next = Math.min(Math.max(active + step, 0), hits.length - 1)
    store.choose(next)
    if (next >= hits.length - 3) void store.more()
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      move(step)
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      const hit = hits[Math.max(active, 0)]
      if (hit === undefined) return
      store.choose(Math.max(active, 0))
      onGo(hit)
    }
    if (event.key === 'Escape') {
      event.preventDefault()
      leave()
    }
  }
  return (
    <div className={css['box']} data-filled={text !== '' || undefined} data-keeps-focus>
      <Search className={css['sign']} size={16} strokeWidth={1.75} aria-hidden />
      <input
        ref={input}
        type="search"
        className={css['input']}
        aria-label={t('search.label')}
        aria-controls={open ? HITS_ID : undefined}
        aria-activedescendant={active >= 0 ? hitId(active) : undefined}
        aria-keyshortcuts="Control+F Meta+F"
        placeholder={t('search.placeholder')}
        maxLength={limits.query}
        autoComplete="off"
        spellCheck={false}
        dir="auto"
        value={text}
        onChange={(event) => store.type(event.target.value, place)}
        onKeyDown={press}
      />
      {text === '' ? null : (
        <IconButton small label={t('search.clear')} className={css['clear']} icon={<X size={14} strokeWidth={1.75} />} onClick={leave} />
      )}
    </div>
  )
}
