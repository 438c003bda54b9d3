import { useState } from 'react'
import { Eye, EyeOff } from 'lucide-react'
import type { ComponentProps } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from './button.tsx'
import { TextField } from './field.tsx'

interface PassphraseFieldProps extends Omit<ComponentProps<typeof TextField>, 'label' | 'type' | 'end'> {
  /** Which passphrase, where it is not the one that opens the profile. */
  label?: string
}

/**
 * The platform gives password inputs no role, so screen readers and tests could not find this one
 * by name; the explicit role does that and keeps the platform's secure typing.
 */
export function PassphraseField({ label, ...rest }: PassphraseFieldProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <TextField
      {...rest}
      label={label ?? t('profile.passphrase')}
      type={shown ? 'text' : 'password'}
      role="textbox"
      dir="ltr"
      end={
        <IconButton
          label={shown ? t('profile.hidePassphrase') : t('profile.showPassphrase')}
          icon={<Icon size={16} strokeWidth={1.75} />}
          onClick={() => setShown(!shown)}
        />
      }
    />
  )
}
