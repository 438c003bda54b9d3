import { useState } from 'react'
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { X } from 'lucide-react'
import { limits } from '../../../shared/ipc/limits.ts'
import { Button, IconButton } from '../../components/button.tsx'
import { ErrorLine, TextField } from '../../components/field.tsx'
import css from './settings.module.css'

interface AddressListProps {
  addresses: readonly { address: string; note: string }[]
  /** What to say where there is none. */
  none: string
  /** Name of the field for another one. */
  field: string
  /** Both answer what is wrong, in words; null if nothing is. */
  onAdd: (address: string) => Promise<string | null>
  onRemove: (address: string) => Promise<string | null>
}

/** Addresses, each with a way to remove it, and a field for another one. */
export function AddressList({ addresses, none, field, onAdd, onRemove }: AddressListProps) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const add = async (event: SubmitEvent) => {
    event.preventDefault()
    const found = await onAdd(text.trim())
    setWrong(found)
    if (found === null) setText('')
  }
  return (
    <>
      {addresses.length === 0 ? <p className={css['text']}>{none}</p> : null}
      <ul className={css['addresses']}>
        {addresses.map(({ address, note }) => (
          <li key={address} className={css['address']}>
            <span>
              <bdi>{address}</bdi>
              {note === '' ? null : <small>{note}</small>}
            </span>
            <IconButton
              small
              label={t('reach.remove', { address: `…${address.slice(-6)}` })}
              icon={<X size={16} strokeWidth={1.75} aria-hidden />}
              onClick={() => void onRemove(address).then(setProblem)}
            />
          </li>
        ))}
      </ul>
      {problem === null ? null : <ErrorLine text={problem} />}
      {addresses.length >= limits.relays ? null : (
        <form className={css['form']} onSubmit={(event) => void add(event)}>
          <TextField
            label={field}
            hint={t('reach.addressHint')}
            value={text}
            maxLength={limits.address}
            error={wrong}
            dir="ltr"
            onChange={({ target }) => {
              setText(target.value)
              setWrong(null)
            }}
          />
          <div className={css['buttons']}>
            <Button type="submit" disabled={text.trim() === ''}>
              {t('reach.add')}
            </Button>
          </div>
        </form>
      )}
    </>
  )
}
