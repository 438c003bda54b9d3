import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Reach } from '../../../shared/domain/models.ts'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { RadioList } from '../../components/radio-list.tsx'
import { AddressList } from './address-list.tsx'
import type { ReachStore } from './reach-store.ts'
import { Section } from './section.tsx'
import css from './settings.module.css'

const levels = ['local', 'relays', 'public'] as const

/** Who may learn where this device is: three choices, and for each what it costs. */
export function ReachSection({ store }: { store: ReachStore }) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const reach = useStore(store.store, (state) => state.reach)
  const [problem, setProblem] = useState<string | null>(null)
  if (reach === null) return null
  const change = async (part: Partial<Reach>): Promise<string | null> => {
    const error = await store.set(part)
    return error === null ? null : words(error)
  }
  const choose = async (value: string) => {
    const reachability = levels.find((known) => known === value)
    if (reachability !== undefined) setProblem(await change({ reachability }))
  }
  const without = (list: readonly string[], address: string) => list.filter((known) => known !== address)
  const { reachability, relays, invitedRelays, bootstrap } = reach
  return (
    <>
      <div className={css['section']}>
        <RadioList
          legend={t('reach.title')}
          value={reachability}
          choices={levels.map((level) => ({ value: level, label: t(`reach.levels.${level}`), text: t(`reach.learn.${level}`) }))}
          onChange={(value) => void choose(value)}
        />
        {problem === null ? null : <ErrorLine text={problem} />}
      </div>
      {reachability === 'local' ? null : (
        <Section title={t('reach.relays')} text={t('reach.relaysWhat')}>
          <AddressList
            addresses={[
              ...relays.map((address) => ({ address, note: '' })),
              ...besides(invitedRelays, relays).map((address) => ({ address, note: t('reach.invited') })),
            ]}
            none={t('reach.relaysNone')}
            field={t('reach.relayField')}
            onAdd={(address) => change({ relays: [...relays, address] })}
            onRemove={(address) => change({ relays: without(relays, address), invitedRelays: without(invitedRelays, address) })}
          />
        </Section>
      )}
      {reachability === 'public' ? (
        <Section title={t('reach.bootstrap')} text={t('reach.bootstrapWhat')}>
          <AddressList
            addresses={bootstrap.map((address) => ({ address, note: '' }))}
            none={t('reach.bootstrapNone')}
            field={t('reach.bootstrapField')}
            onAdd={(address) => change({ bootstrap: [...bootstrap, address] })}
            onRemove={(address) => change({ bootstrap: without(bootstrap, address) })}
          />
        </Section>
      ) : null}
    </>
  )
}

const besides = (list: readonly string[], others: readonly string[]) => list.filter((address) => !others.includes(address))
