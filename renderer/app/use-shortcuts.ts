import { useEffect } from 'react'
import type { SearchStore } from '../features/search/search-store.ts'
import type { UiStore } from './ui-store.ts'

/** Ctrl or Cmd and K jumps anywhere, from anywhere; with F it looks for messages. */
export function useShortcuts(ui: UiStore, search: SearchStore): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
      const key = event.key.toLowerCase()
      if (key !== 'k' && key !== 'f') return
      event.preventDefault()
      if (key === 'k') ui.show({ kind: 'jump' })
      // What a dialog covers cannot have the keyboard.
      else if (ui.store.getState().dialog === null) search.focus()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [ui, search])
}
