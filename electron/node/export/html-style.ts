import { createHash } from 'node:crypto'

/** The window's colours (renderer/styles/tokens.css), as far as a page to read and to print needs them. */
export const EXPORT_STYLE = `
:root {
  color-scheme: light dark;
  --background: #fafafc; --surface: #fff; --text: #221f2b; --muted: #625e6d; --border: #e0dee6; --accent: #26703f;
}
@media (prefers-color-scheme: dark) {
  :root { --background: #15131a; --surface: #1b1920; --text: #e8e6ee; --muted: #a4a0ae; --border: #2b2932; --accent: #6fcb8a; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
header, main, footer { max-width: 46rem; margin: 0 auto; padding: 24px 16px; }
header { border-bottom: 1px solid var(--border); }
h1 { margin: 0 0 4px; font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { margin: 24px 0 8px; font-size: 0.8125rem; color: var(--muted); break-after: avoid; }
p { margin: 0; }
header p, footer p { color: var(--muted); font-size: 0.8125rem; overflow-wrap: anywhere; }
ol { margin: 0; padding: 0; list-style: none; }
.message { margin: 0 -8px; padding: 6px 8px; border-radius: 6px; break-inside: avoid; contain: paint; }
.message:target { outline: 2px solid var(--accent); }
.author { font-weight: 650; overflow-wrap: anywhere; }
.time, .note, .reply { color: var(--muted); font-size: 0.8125rem; }
.time { margin-inline-start: 8px; }
.reply { overflow-wrap: anywhere; }
.reply a { color: var(--accent); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
@media print {
  :root { --background: #fff; --surface: #fff; --text: #000; --muted: #444; --border: #999; --accent: #000; }
  body { font-size: 11pt; }
  header, main, footer { max-width: none; padding: 0 0 12pt; }
  .message { margin: 0; padding: 6px 0; }
}
`

const styleHash = createHash('sha256').update(EXPORT_STYLE).digest('base64')

/** Nothing is loaded, nothing runs, nothing is sent; of styles only the one above, whatever else may have got in. */
export const EXPORT_CSP = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`
