import { cleanup, configure, render } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactElement } from 'react'
import { I18nextProvider } from 'react-i18next'
import { afterEach, vi } from 'vitest'
import { App } from '../app/app.tsx'
import { createWindowStores, WindowContext } from '../app/stores.ts'
import { createClient } from '../bridge/client.ts'
import { TipProvider } from '../components/tip.tsx'
import { createI18n } from '../i18n/i18n.ts'
import { createFakeBridge } from './fake-bridge.ts'
import { installPlatform } from './platform.ts'
import { NOON } from './make.ts'
import type { World } from './world.ts'

installPlatform()
// A machine that does much else at once draws late: that is no failure.
configure({ asyncUtilTimeout: 20_000 })

afterEach(() => {
  cleanup()
  window.localStorage.clear()
  vi.restoreAllMocks()
})

const words = createI18n()

/** Draws something with what every component may count on. */
export const draw = (element: ReactElement) => ({
  user: userEvent.setup(),
  ...render(
    <I18nextProvider i18n={words}>
      <TipProvider>{element}</TipProvider>
    </I18nextProvider>,
  ),
})

/** Draws the whole window over a fake node that knows `world`. */
export function openWindow(world: World) {
  const fake = createFakeBridge(world)
  const stores = createWindowStores(
    createClient(fake, () => NOON),
    window.localStorage,
  )
  const view = draw(
    <WindowContext value={stores}>
      <App />
    </WindowContext>,
  )
  return { fake, stores, ...view }
}
