import type { Profile } from '../../../shared/domain/models.ts'
import { LockSection } from './lock-section.tsx'
import { PassphraseSection } from './passphrase-section.tsx'
import type { ProfileKeys } from './profile-keys.ts'
import { ReceiptsSection } from './receipts-section.tsx'
import { RecoverySection } from './recovery-section.tsx'
import type { SettingsStore } from './settings-store.ts'

interface SecurityPageProps {
  profile: Profile
  keys: ProfileKeys
  settings: SettingsStore
  copyText: (text: string) => Promise<boolean>
}

/** What opens the profile, when it closes, and what it tells of its person. */
export const SecurityPage = ({ profile, keys, settings, copyText }: SecurityPageProps) => (
  <>
    <PassphraseSection profile={profile} setPassphrase={keys.setPassphrase} />
    <RecoverySection profile={profile} make={keys.makeRecoveryPhrase} remove={keys.removeRecoveryPhrase} copyText={copyText} />
    <LockSection passphrase={profile.passphrase} settings={settings} lock={keys.lock} />
    <ReceiptsSection settings={settings} />
  </>
)
