import css from './mark.module.css'

/** The sign of SpacePanda: a face of three shapes on a planet. The same drawing as resources/mark.svg. */
export const Mark = ({ size }: { size: number }) => (
  <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden focusable="false">
    <g className={css['ears']}>
      <circle cx="14" cy="12.5" r="8" />
      <circle cx="50" cy="12.5" r="8" />
    </g>
    <circle className={css['planet']} cx="32" cy="30.5" r="24" />
    <g className={css['features']}>
      <path d="M15.2 28.4c2-5.8 7-8.9 10.6-7.5s4.4 6.3 2.2 11.1-6.9 7.1-10.3 5.8-4.3-4.7-2.5-9.4Z" />
      <path d="M48.8 28.4c-2-5.8-7-8.9-10.6-7.5s-4.4 6.3-2.2 11.1 6.9 7.1 10.3 5.8 4.3-4.7 2.5-9.4Z" />
      <path d="M27.6 37.6c0-1.7 2-2.7 4.4-2.7s4.4 1 4.4 2.7-2.6 4.3-4.4 4.3-4.4-2.6-4.4-4.3Z" />
    </g>
    <path
      className={css['ring']}
      d="M9.4 40.6c-4.1 3.5-6.1 6.5-5.2 8.2 2.1 4 17.7 1.7 34.7-5.3 14-5.8 23.4-12.6 22.1-15.7-.5-1.3-2.6-1.9-5.7-1.9"
    />
  </svg>
)
