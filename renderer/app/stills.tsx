/**
 * The forms that a window begins with, drawn when the program is built (build/bundle/stills.mjs), so that the page shows one before its program
 * is loaded. `useTakeOver` goes on from there.
 */
import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { I18nextProvider } from 'react-i18next'
import type { Bridge } from '../../shared/ipc/bridge.ts'
import { createClient } from '../bridge/client.ts'
import { createTasksStore } from '../bridge/tasks-store.ts'
import type { FormKind } from '../components/take-over.ts'
import { TipProvider } from '../components/tip.tsx'
import { FirstRun } from '../features/profile/first-run.tsx'
import { createProfileStore } from '../features/profile/profile-store.ts'
import { Unlock } from '../features/profile/unlock.tsx'
import { createI18n } from '../i18n/i18n.ts'
import { Frame } from './frame.tsx'
import '../styles/index.css'

const never = (): Promise<never> => new Promise(() => undefined)
const nothing = (): void => undefined

/** Nobody: what is drawn here asks nothing yet. */
const nobody: Bridge = {
  call: never,
  onEvent: () => nothing,
  copyText: never,
  chooseFile: never,
  about: never,
  updates: never,
  onUpdates: () => nothing,
  looksAt: never,
  loginItem: never,
  platform: 'linux',
}

const client = createClient(nobody)
const profile = createProfileStore(client)
const tasks = createTasksStore(client)
const i18n = createI18n()

const draw = (form: ReactElement): string =>
  renderToStaticMarkup(
    <I18nextProvider i18n={i18n}>
      <TipProvider>
        <Frame foot={null}>{form}</Frame>
      </TipProvider>
    </I18nextProvider>,
  )

const firstRun = (passphraseRequired: boolean): string =>
  draw(<FirstRun passphraseRequired={passphraseRequired} profile={profile} client={client} tasks={tasks} />)
const unlock = (recovery: boolean): string =>
  draw(<Unlock openers={{ passphrase: true, recovery, passphraseRequired: true }} profile={profile} tasks={tasks} />)

/** By the name of the page that has it (electron/ipc/first-answer.ts). */
export const stills: Readonly<Record<string, { form: FormKind; markup: string }>> = {
  'first-run': { form: 'first-run', markup: firstRun(false) },
  'first-run-required': { form: 'first-run', markup: firstRun(true) },
  unlock: { form: 'unlock', markup: unlock(false) },
  'unlock-recovery': { form: 'unlock', markup: unlock(true) },
}
