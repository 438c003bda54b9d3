import type { Profile } from '../../../shared/domain/models.ts'
import type { ProfileStore } from '../profile/profile-store.ts'
import { LockSection } from './lock-section.tsx'
import { PassphraseSection } from './passphrase-section.tsx'
import { RecoverySection } from './recovery-section.tsx'
import type { SettingsStore } from './settings-store.ts'

interface SecurityPageProps {
  profile: Profile
  store: ProfileStore
  settings: SettingsStore
  copyText: (text: string) => Promise<boolean>
}

/** What opens the profile, and when it closes. */
export const SecurityPage = ({ profile, store, settings, copyText }: SecurityPageProps) => (
  <>
    <PassphraseSection profile={profile} setPassphrase={store.setPassphrase} />
    <RecoverySection profile={profile} make={store.makeRecoveryPhrase} remove={store.removeRecoveryPhrase} copyText={copyText} />
    <LockSection passphrase={profile.passphrase} settings={settings} lock={store.lock} />
  </>
)
