import { describe, expect, it } from 'vitest'
import { findLink, LINK_PREFIX } from './pasted-link.ts'

const LINK = `${LINK_PREFIX}hgFQAbCd-EfGh_IjKlMnOpQrStUvWxYz0123456789`
const OTHER = `${LINK_PREFIX}hgFQother`
const isWhole = (link: string): boolean => link === LINK || link === OTHER
const broken = (mark: string): string => LINK.slice(0, 30) + mark + LINK.slice(30, 45) + mark + LINK.slice(45)

describe('the link is found in', () => {
  it.each([
    ['itself', LINK],
    ['white space', `\n\t ${LINK}\u00a0\r\n`],
    ['a sentence that ends with it', `Come in: ${LINK}`],
    ['a sentence that goes on', `Take ${LINK} and be there at eight`],
    ['a sentence and its full stop', `Here it is: ${LINK}.`],
    ['a comma, a semicolon, an exclamation mark', `${LINK},;!`],
    ['angle brackets', `<${LINK}>`],
    ['straight quotes', `"${LINK}"`],
    ['curly quotes', `“${LINK}”`],
    ['round brackets', `(${LINK})`],
    ['backticks', `\`${LINK}\``],
    ['Markdown’s emphasis', `_${LINK}_ **${LINK}**`],
    ['a Markdown link', `[${LINK}](${LINK})`],
    ['another capital, as a telephone writes a first word', LINK.replace('s', 'S')],
    ['a message that says it twice', `${LINK}\n\n${LINK}`],
    ['lines that broke it', broken('\n')],
    ['lines that Windows broke', broken('\r\n')],
    ['spaces in its middle', broken(' ')],
    ['lines that broke it, indented, with words around them', `Come in:\n   ${broken('\n   ')}\nSee you there, Ann`],
    ['a quoted mail', `> Come in:\n> ${broken('\n> ')}\n> Ann`],
    ['brackets around broken lines', `<${broken('\n')}>\nYours`],
    ['a line that was broken after its colon', LINK.replace(':', ':\n')],
    ['soft hyphens and spaces of no width', broken('\u00ad\u200b')],
    ['words that are no link and begin like one', `spacepanda:join/ is how it begins: ${LINK}`],
  ])('%s', (_, text) => {
    expect(findLink(text, isWhole)).toEqual({ kind: 'found', link: LINK })
  })
})

describe('nothing is found in', () => {
  it.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['the beginning alone', LINK_PREFIX],
    ['a link that was cut off', LINK.slice(0, -1)],
    ['one that lacks its middle', LINK.slice(0, 30) + LINK.slice(31)],
    ['a link with something strange in it', broken('!')],
    ['a body without its beginning', LINK.slice(LINK_PREFIX.length)],
  ])('%s', (_, text) => {
    expect(findLink(text, isWhole)).toEqual({ kind: 'none' })
  })
})

it('two different ones are for the person to choose from', () => {
  expect(findLink(`${LINK} or ${OTHER}`, isWhole)).toEqual({ kind: 'several' })
  expect(findLink(`${broken('\n')}\n${OTHER}\n${LINK}`, isWhole)).toEqual({ kind: 'several' })
})

it('does not look long, whatever is pasted', () => {
  let looked = 0
  const never = (): boolean => {
    looked += 1
    return false
  }
  findLink(`${LINK_PREFIX}${'a '.repeat(50_000)}`.repeat(3) + LINK_PREFIX.repeat(10_000), never)
  expect(looked).toBeLessThan(8 * 2 * 401)
})
