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
  still.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement)
      keep(event, event.target.form?.querySelector<HTMLButtonElement>('[type="submit"]'))
  })
}
