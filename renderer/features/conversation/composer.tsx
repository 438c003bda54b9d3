import { useEffect } from 'react'
import { ArrowUp } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import type { Channel } from '../../../shared/domain/models.ts'
import { limits } from '../../../shared/ipc/limits.ts'
import { useErrorWords } from '../../components/error-words.ts'
import { ErrorLine } from '../../components/field.tsx'
import { ChannelLock } from '../../components/channel-lock.tsx'
import { channelName } from '../../components/channel-name.ts'
import { Tip } from '../../components/tip.tsx'
import { draftOf } from './drafts-store.ts'
import type { DraftsStore } from './drafts-store.ts'
import css from './composer.module.css'

/** So many characters before the limit, the counter appears. */
const COUNT_FROM = 500

interface ComposerProps {
  /** Where one writes, for others to put the keyboard in. */
  input: RefObject<HTMLTextAreaElement | null>
  channel: Channel
  drafts: DraftsStore
  maySend: boolean
  /** The id of the words that say why nothing can be written just now; null when it can. */
  heldBy: string | null
  /** Another number each time somebody went on by way of a dialog. */
  went: number
}

export function Composer({ input, channel, drafts, maySend, heldBy, went }: ComposerProps) {
  const { t } = useTranslation()
  const words = useErrorWords()
  const { channelId } = channel
  const { text, error } = useStore(drafts.store, (state) => draftOf(state, channelId))
  const left = limits.text - text.trim().length
  const over = left < 0
  const held = heldBy !== null

  useEffect(() => {
    // Whoever goes from hit to hit is not done searching.
    if (document.activeElement?.closest('[data-keeps-focus]') == null) input.current?.focus()
    // The channel may have been open behind the dialog, and a dialog that goes gives the keyboard back to what opened it.
  }, [input, channelId, went])

  const submit = () => {
    if (!over && !held) void drafts.submit(channelId)
    input.current?.focus()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  if (!maySend) {
    return (
      <div className={css['wrap']}>
        <p className={css['readOnly']}>{t('conversation.mayNotSend')}</p>
      </div>
    )
  }
  return (
    <div className={css['wrap']}>
      {error === null && left > COUNT_FROM ? null : (
        <div className={css['note']}>
          {error === null ? null : <ErrorLine text={t('conversation.notSent', { reason: words(error) })} />}
          {left > COUNT_FROM ? null : (
            <span className={css['counter']} data-over={over || undefined} role={over ? 'alert' : undefined}>
              {over ? t('conversation.tooLong', { count: -left }) : t('conversation.left', { count: left })}
            </span>
          )}
        </div>
      )}
      <div className={css['box']} data-over={over || undefined} data-held={held || undefined}>
        <ChannelLock kind={channel.kind} size={16} className={css['lock']} />
        <textarea
          ref={input}
          className={css['text']}
          rows={1}
          dir="auto"
          aria-label={t('conversation.composer', { channel: channelName(channel) })}
          placeholder={t('conversation.composer', { channel: channelName(channel) })}
          aria-invalid={over}
          aria-describedby={heldBy ?? undefined}
          disabled={held}
          value={text}
          onChange={(event) => drafts.write(channelId, event.target.value)}
          onKeyDown={press}
          onBlur={() => drafts.keep()}
        />
        <Tip text={t('conversation.send')}>
          <button
            type="button"
            className={css['send']}
            aria-label={t('conversation.send')}
            disabled={held || over || text.trim() === ''}
            onClick={submit}
          >
            <ArrowUp size={20} strokeWidth={1.75} aria-hidden />
          </button>
        </Tip>
      </div>
    </div>
  )
}
