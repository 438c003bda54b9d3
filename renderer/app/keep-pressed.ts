/** Keeps for the program (renderer/components/take-over.ts) which button of the still form was pressed. */
export function keepPressed(still: HTMLElement): void {
  const keep = (event: Event, button: HTMLButtonElement | null | undefined): void => {
    if (!button) return
    event.preventDefault()
    if (button.name !== '') still.dataset['pressed'] = button.name
  }
  still.addEventListener('click', (event) => {
    if (event.target instanceof Element) keep(event, event.target.closest('button'))
  })
  // It was meant for what stood there then.
  still.addEventListener('input', () => delete still.dataset['pressed'])
  still.addEventListener('keydown', (event) => {
    // That of an input method ends what is being composed, and presses nothing.
    if (event.key !== 'Enter' || event.isComposing) return
    // The one that started the program, perhaps, and is held still.
    if (event.repeat) return event.preventDefault()
    if (event.target instanceof HTMLInputElement) keep(event, event.target.form?.querySelector<HTMLButtonElement>('[type="submit"]'))
  })
}
