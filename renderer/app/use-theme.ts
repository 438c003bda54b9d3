import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useWindowStores } from './stores.ts'

/** Puts the chosen theme on the document. What was chosen last is drawn before the node answers. */
export function useTheme(): void {
  const { ui, settings } = useWindowStores()
  const remembered = useStore(ui.store, (state) => state.shape.theme)
  useEffect(
    () =>
      settings.store.subscribe((state) => {
        if (state.settings.theme !== ui.store.getState().shape.theme) ui.reshape({ theme: state.settings.theme })
      }),
    [settings, ui],
  )
  useEffect(() => {
    document.documentElement.dataset['theme'] = remembered
  }, [remembered])
}
