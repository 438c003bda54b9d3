/** The one thing of Node that a test of the window uses: reading a style sheet. The window itself has no Node. */
declare module 'node:fs' {
  export function readFileSync(file: URL, encoding: 'utf8'): string
}
