import { createPortal } from 'react-dom'
import css from './print-sheet.module.css'

interface PrintSheetProps {
  title: string
  lines: readonly string[]
  words: readonly string[]
}

/** What goes on paper: it is there for the printer alone, and takes everything else off the page. */
export const PrintSheet = ({ title, lines, words }: PrintSheetProps) =>
  createPortal(
    <div className={css['sheet']} aria-hidden>
      <h1>{title}</h1>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      <ol translate="no">
        {words.map((word, index) => (
          <li key={index}>
            <span>{index + 1}</span>
            {word}
          </li>
        ))}
      </ol>
    </div>,
    document.body,
  )
