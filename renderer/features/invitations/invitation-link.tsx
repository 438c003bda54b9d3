import { useState } from 'react'
import { Check, Copy } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../components/button.tsx'
import { ErrorLine, TextField } from '../../components/field.tsx'
import { QrCode } from './qr-code.tsx'
import css from './invite.module.css'

interface InvitationLinkProps {
  link: string | null
  busy: boolean
  copyText: (text: string) => Promise<boolean>
  onSay: (text: string) => void
}

/** The link, ready to copy, and the same as a QR code. */
export function InvitationLink({ link, busy, copyText, onSay }: InvitationLinkProps) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState<string | null>(null)
  const [failed, setFailed] = useState(false)
  const isCopied = link !== null && copied === link
  const Icon = isCopied ? Check : Copy

  const copy = async () => {
    if (link === null) return
    const done = await copyText(link)
    setFailed(!done)
    setCopied(done ? link : null)
    onSay(done ? t('app.copied') : '')
  }
  return (
    <>
      <div className={css['link']}>
        <TextField
          label={t('invitations.link')}
          value={link ?? ''}
          placeholder={busy ? t('invitations.making') : ''}
          readOnly
          data-autofocus
          dir="ltr"
          onFocus={(event) => event.target.select()}
        />
        <Button tone="primary" className={css['copy']} aria-label={t('app.copy')} disabled={link === null} onClick={() => void copy()}>
          <Icon size={16} strokeWidth={1.75} aria-hidden />
          {isCopied ? t('app.copied') : t('app.copy')}
        </Button>
      </div>
      {failed ? <ErrorLine text={t('app.copyFailed')} /> : null}
      {link === null ? null : <QrCode text={link} />}
    </>
  )
}
