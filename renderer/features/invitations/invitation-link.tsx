import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { ErrorLine, TextField } from '../../components/field.tsx'
import { QrCode } from './qr-code.tsx'
import type { Copying } from './use-copying.ts'
import css from './invite.module.css'

interface InvitationLinkProps {
  link: string
  /** What it allows, in words. */
  terms: string
  copying: Copying
}

/** A link that was made just now, ready to copy, what it allows, and the same as a QR code. */
export function InvitationLink({ link, terms, copying: { copied, failed, copy } }: InvitationLinkProps) {
  const { t } = useTranslation()
  const Icon = copied === link ? Check : Copy
  return (
    <>
      <div>
        <div className={css['link']}>
          <TextField
            label={t('invitations.link')}
            value={link}
            readOnly
            dir="ltr"
            aria-description={terms}
            onFocus={(event) => event.target.select()}
          />
          <Button tone="primary" autoFocus className={css['copy']} aria-label={t('app.copy')} onClick={() => void copy(link)}>
            <Icon size={16} strokeWidth={1.75} aria-hidden />
            {copied === link ? t('app.copied') : t('app.copy')}
          </Button>
        </div>
        <p className={css['allows']}>{terms}.</p>
      </div>
      {failed === link ? <ErrorLine text={t('app.copyFailed')} /> : null}
      <QrCode text={link} />
    </>
  )
}
