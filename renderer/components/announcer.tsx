/** Says its text to screen readers when it changes, without taking focus. */
export const Announcer = ({ text }: { text: string }) => (
  <div className="sr-only" aria-live="polite" aria-atomic="true">
    {text}
  </div>
)
