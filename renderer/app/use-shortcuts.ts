import { useEffect } from 'react'
import type { UiStore } from './ui-store.ts'

/** Ctrl or Cmd and K jumps anywhere, from anywhere. */
export function useShortcuts(ui: UiStore): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      ui.show({ kind: 'jump' })
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [ui])
}
