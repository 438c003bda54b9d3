import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import type { Bridge } from '../../shared/ipc/bridge.ts'
import { createClient } from '../bridge/client.ts'
import { TipProvider } from '../components/tip.tsx'
import { createI18n } from '../i18n/i18n.ts'
import { App } from './app.tsx'
import { createWindowStores, WindowContext } from './stores.ts'

/** Draws the window into `root`. Returns the function that takes it away. */
export function mount(bridge: Bridge, root: HTMLElement): () => void {
  const client = createClient(bridge)
  const stores = createWindowStores(client, window.localStorage)
  document.documentElement.dataset['platform'] = client.platform
  const view = createRoot(root)
  view.render(
    <StrictMode>
      <I18nextProvider i18n={createI18n()}>
        <WindowContext value={stores}>
          <TipProvider>
            <App />
          </TipProvider>
        </WindowContext>
      </I18nextProvider>
    </StrictMode>,
  )
  return () => view.unmount()
}
