import type { CSSProperties } from 'react'
import { identityHue } from './identity-hue.ts'
import { plainName } from './safe-text.ts'
import css from './tile.module.css'

/** First letters of the first two words, as the writing system counts letters. */
export function initials(name: string): string {
  const words = plainName(name)
    .split(/[\s\-_.]+/u)
    .filter((word) => word !== '')
  const first = (word: string | undefined) => (word === undefined ? '' : (new Intl.Segmenter().segment(word).containing(0)?.segment ?? ''))
  return (first(words[0]) + first(words[1])).toLocaleUpperCase()
}

/** A space's sign: its initials on a colour of its own. Decoration; the name stands beside it. */
export function Tile({ id, name, small = false }: { id: string; name: string; small?: boolean }) {
  const style = { '--hue': identityHue(id) } as CSSProperties
  return (
    <span className={[css['tile'], small ? css['small'] : ''].filter(Boolean).join(' ')} style={style} aria-hidden>
      {initials(name)}
    </span>
  )
}
