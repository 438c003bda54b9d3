import { useEffectEvent, useLayoutEffect, useState } from 'react'
import type { RefObject } from 'react'

/** A form of the page, drawn when the program was built: it is there before the program is. None is there while one is drawn. */
const still = (): HTMLElement | null => (typeof document === 'undefined' ? null : document.getElementById('still'))

export const isStillThere = (): boolean => still() !== null
/** What it shows is not how things stand, or somebody went on from it already. */
export const dropStill = (): void => still()?.remove()

/** Which of them goes on in which: what was meant for one must not come into another. */
export type FormKind = 'first-run' | 'unlock'

/** How far its person has come in it. */
interface Begun {
  /** By the name of the field. */
  typed: ReadonlyMap<string, string>
  /** What has the keyboard, and in a field what is selected; null for nothing. */
  at: { name: string; selected: [number, number] | null } | null
  /** The name of the button that was pressed (renderer/app/main.ts); null for none. */
  pressed: string | null
}

const untouched: Omit<Begun, 'typed'> = { at: null, pressed: null }

function take(kind: FormKind): Begun | null {
  const form = still()
  if (form === null || form.dataset['form'] !== kind) return null
  const fields = [...form.querySelectorAll('input')]
  const active = form.querySelector<HTMLElement>(':focus')
  const field = fields.find((input) => input === active)
  const name = active?.getAttribute('name') ?? null
  form.remove()
  return {
    typed: new Map(fields.map((input) => [input.name, input.value])),
    at: name === null ? null : { name, selected: field === undefined ? null : [field.selectionStart ?? 0, field.selectionEnd ?? 0] },
    pressed: form.dataset['pressed'] ?? null,
  }
}

function goOn(form: HTMLFormElement, { at, pressed }: Omit<Begun, 'typed'>): void {
  const named = (name: string): HTMLElement | null =>
    [...form.querySelectorAll<HTMLElement>('[name]')].find((part) => part.getAttribute('name') === name) ?? null
  const focused = at === null ? null : named(at.name)
  ;(focused ?? form.querySelector('input'))?.focus()
  if (focused instanceof HTMLInputElement && at?.selected) focused.setSelectionRange(...at.selected)
  if (pressed !== null) named(pressed)?.click()
}

/**
 * Lets a form take the place of the still one: what was typed there, where the keyboard is and what was pressed go on in it. Fields and buttons
 * are the same where their names are.
 * @param fill gets what was typed by the name of the field, once, where there was a still form
 * @returns whether the form puts the keyboard where it begins by itself
 */
export function useTakeOver(
  kind: FormKind,
  form: RefObject<HTMLFormElement | null>,
  fill: (typed: ReadonlyMap<string, string>) => void,
): boolean {
  const [isAnew] = useState(() => !isStillThere())
  // Without what was typed: a passphrase is kept in the field alone.
  const [begun, setBegun] = useState<Omit<Begun, 'typed'> | null>(null)
  const takeOver = useEffectEvent(() => {
    if (isAnew) return
    const found = take(kind)
    if (found !== null) fill(found.typed)
    // Of another form nothing goes on; the keyboard has to be somewhere.
    setBegun((before) => (found === null ? (before ?? untouched) : { at: found.at, pressed: found.pressed }))
  })
  useLayoutEffect(() => takeOver(), [])
  // Drawn once more by now, with what was typed: a button that needed it can be pressed.
  useLayoutEffect(() => {
    if (begun !== null && form.current !== null) goOn(form.current, begun)
  }, [begun, form])
  // Once it went on, it begins by itself whenever it is drawn again.
  return isAnew || begun !== null
}
