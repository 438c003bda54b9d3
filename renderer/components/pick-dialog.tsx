import { useId, useState } from 'react'
import { Search } from 'lucide-react'
import type { KeyboardEvent, ReactNode } from 'react'
import { Dialog } from './dialog.tsx'
import { ErrorLine } from './field.tsx'
import css from './pick-dialog.module.css'

export interface Option {
  key: string
  icon: ReactNode
  name: string
  /** At the end of the line. */
  where?: string
  choose: () => void
}

interface PickDialogProps {
  label: string
  placeholder: string
  /** Names the list. */
  results: string
  /** Said where nothing fits. */
  none: string
  hint: string
  /** What fits what was typed, best first. */
  optionsFor: (query: string) => readonly Option[]
  problem?: string | null
  onClose: () => void
}

/** Type a few letters, press Enter, be there. */
export function PickDialog({ label, placeholder, results, none, hint, optionsFor, problem = null, onClose }: PickDialogProps) {
  const id = useId()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const options = optionsFor(query)
  const at = Math.min(chosen, options.length - 1)
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined && options.length > 0) {
      event.preventDefault()
      setChosen((at + step + options.length) % options.length)
    }
    const option = options[at]
    if (event.key === 'Enter' && option !== undefined) {
      event.preventDefault()
      option.choose()
    }
  }
  const type = (text: string) => {
    setQuery(text)
    setChosen(0)
  }
  return (
    <Dialog title={label} bare onClose={onClose}>
      <div className={css['search']}>
        <Search size={20} strokeWidth={1.75} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          className={css['input']}
          aria-label={label}
          aria-expanded={options.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={options.length === 0 ? undefined : `${id}-${at}`}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          dir="auto"
          value={query}
          onChange={(event) => type(event.target.value)}
          onKeyDown={press}
        />
      </div>
      {problem === null ? null : (
        <div className={css['problem']}>
          <ErrorLine text={problem} />
        </div>
      )}
      {options.length === 0 ? (
        <p className={css['none']} role="status">
          {none}
        </p>
      ) : (
        <ul id={id} role="listbox" aria-label={results} className={css['list']}>
          {options.map((option, index) => (
            <OptionLine key={option.key} id={`${id}-${index}`} option={option} selected={index === at} />
          ))}
        </ul>
      )}
      <p className={css['hint']}>{hint}</p>
    </Dialog>
  )
}

function OptionLine({ id, option: { icon, name, where, choose }, selected }: { id: string; option: Option; selected: boolean }) {
  return (
    <li
      id={id}
      ref={(element) => (selected ? element?.scrollIntoView({ block: 'nearest' }) : undefined)}
      role="option"
      aria-selected={selected}
      className={css['option']}
      onClick={choose}
    >
      <span className={css['icon']}>{icon}</span>
      <span className={css['name']} dir="auto">
        {name}
      </span>
      {where === undefined ? null : (
        <span className={css['where']} dir="auto">
          {where}
        </span>
      )}
    </li>
  )
}
