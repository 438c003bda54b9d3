import { within } from '@testing-library/react'
import { keepPressed } from '../app/keep-pressed.ts'
import { stills } from '../app/stills.tsx'

export const still = (): HTMLElement | null => document.getElementById('still')

/** Puts a form there as the page has it before its program is loaded. */
export function showStill(name: string) {
  const { form, markup } = stills[name] ?? { form: 'first-run', markup: '' }
  const place = document.createElement('div')
  place.id = 'still'
  place.dataset['form'] = form
  place.innerHTML = markup
  document.body.prepend(place)
  keepPressed(place)
  return within(place)
}
