/** Characters that reorder or break a line, and controls other than tab and line feed. */
export const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu

const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u
/** First strong isolate, and its end (UAX #9): what is between them has an order of its own. */
const [ISOLATE, END] = ['\u2068', '\u2069']

/** A name that someone else chose, on one line and without what reorders others. */
export const plainName = (name: string): string => {
  const clean = name.replace(CONTROLS, '\ufffd').replace(/\s+/gu, ' ').trim()
  return clean === '' ? '\ufffd' : clean
}

/** The same to be drawn: nothing in it can reorder what stands around it, and it reads the same in a list as in a sentence. */
export const safeName = (name: string): string => {
  const plain = plainName(name)
  return RIGHT_TO_LEFT.test(plain) ? `${ISOLATE}${plain}${END}` : plain
}

/** Text as one line for accessible names and announcements. */
export const spokenText = (text: string): string => text.replace(CONTROLS, '\ufffd').replace(/\s+/gu, ' ').trim()
