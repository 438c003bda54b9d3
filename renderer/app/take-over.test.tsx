// @vitest-environment jsdom
import { cleanup, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import type { ProfileStatus } from '../../shared/domain/models.ts'
import { openWindow } from '../testing/render.tsx'
import { showStill, still } from '../testing/show-still.ts'
import { emptyWorld } from '../testing/world.ts'

const none = (passphraseRequired: boolean): ProfileStatus => ({ kind: 'none', passphraseRequired })
const locked = (recovery: boolean): ProfileStatus => ({ kind: 'locked', passphrase: true, recovery, passphraseRequired: true })
const open = (status: ProfileStatus) => openWindow(emptyWorld({ status }))

afterEach(() => {
  cleanup()
  still()?.remove()
})

describe('a form that the page brings along', () => {
  it.each([
    ['first-run', none(false)],
    ['first-run-required', none(true)],
    ['unlock', locked(false)],
    ['unlock-recovery', locked(true)],
  ])('%s is the one that the program draws', async (name, status) => {
    const drawn = (place: Element | null | undefined) =>
      [...(place?.querySelectorAll('h1, p, label, span, input, button') ?? [])].map((part) => [
        part.tagName,
        part.children.length === 0 ? part.textContent : '',
        ...['type', 'name', 'role', 'aria-label', 'required', 'disabled'].map((attribute) => part.getAttribute(attribute)),
      ])
    showStill(name)
    const before = drawn(still())
    const { container } = open(status)
    await waitFor(() => expect(still()).toBeNull())
    expect(before.length).toBeGreaterThan(5)
    expect(drawn(container)).toEqual(before)
  })

  it('goes on in the program: what was typed, and the keyboard where it was', async () => {
    const user = userEvent.setup()
    const form = showStill('first-run-required')
    await user.type(form.getByRole('textbox', { name: 'Your name' }), 'Alice')
    await user.type(form.getByRole('textbox', { name: 'Passphrase' }), 'correct')
    const field = form.getByRole<HTMLInputElement>('textbox', { name: 'Passphrase' })
    field.setSelectionRange(2, 4)
    open(none(true))
    await waitFor(() => expect(still()).toBeNull())
    const typed = screen.getByRole<HTMLInputElement>('textbox', { name: 'Passphrase' })
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Your name' }).value).toBe('Alice')
    expect([typed.value, typed.selectionStart, typed.selectionEnd, document.activeElement === typed]).toEqual(['correct', 2, 4, true])
  })

  it('begins where the program would where nobody has touched it', async () => {
    showStill('first-run')
    open(none(false))
    await waitFor(() => expect(still()).toBeNull())
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Your name' }))
  })

  it('what was pressed happens, once', async () => {
    const user = userEvent.setup()
    const form = showStill('first-run')
    await user.type(form.getByRole('textbox', { name: 'Your name' }), 'Alice')
    await user.click(form.getByRole('button', { name: 'Create profile' }))
    const { fake } = open(none(false))
    expect(await screen.findByRole('heading', { name: 'Hello, Alice' })).toBeDefined()
    expect(fake.calls.filter(({ method }) => method === 'profile.create').map(({ args }) => args)).toEqual([
      { name: 'Alice', passphrase: null },
    ])
  })

  it('so does Enter, also where the button needs what was typed', async () => {
    const user = userEvent.setup()
    const form = showStill('unlock')
    await user.type(form.getByRole('textbox', { name: 'Passphrase' }), 'correct horse{Enter}')
    const { fake } = open(locked(false))
    await waitFor(() => expect(fake.calls.filter(({ method }) => method === 'profile.unlock')).toHaveLength(1))
    expect(fake.calls.find(({ method }) => method === 'profile.unlock')?.args).toEqual({ passphrase: 'correct horse' })
  })

  it.each([
    ['first-run', none(false), 'Restore from a backup'],
    ['unlock-recovery', locked(true), 'Use the recovery phrase'],
  ])('a press on another button of %s opens its page, and who comes back has the keyboard', async (name, status, button) => {
    await userEvent.setup().click(showStill(name).getByRole('button', { name: button }))
    const { user } = open(status)
    await user.click(await screen.findByRole('button', { name: 'Back' }))
    expect(still()).toBeNull()
    expect(document.activeElement).toBe(screen.getAllByRole('textbox')[0])
  })

  it('is dropped where things stand otherwise, and what was typed there goes nowhere', async () => {
    await userEvent.setup().type(showStill('unlock').getByRole('textbox', { name: 'Passphrase' }), 'correct horse{Enter}')
    const { fake } = open(none(true))
    await screen.findByRole('button', { name: 'Create profile' })
    expect(still()).toBeNull()
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Passphrase' }).value).toBe('')
    expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Your name' }))
    expect(fake.calls.filter(({ method }) => method.startsWith('profile.')).map(({ method }) => method)).toEqual(['profile.status'])
  })

  it('stays until it is known how things stand', async () => {
    showStill('first-run')
    const { fake } = openWindow(emptyWorld({ status: none(false) }))
    expect([still() !== null, screen.queryByRole('progressbar')]).toEqual([true, null])
    await waitFor(() => expect(fake.calls.length).toBeGreaterThan(0))
    await waitFor(() => expect(still()).toBeNull())
  })
})
