/** More than so many are a picture or a joke, and stay small. */
const MOST = 6
/** Longer than this, in UTF-16 code units, no six emoji are. */
const LONGEST = 200

// Made from a string: the language level of the build does not know the flag, the window's engine does.
const EMOJI = new RegExp(String.raw`^(?:\p{RGI_Emoji}\s*){1,${MOST}}$`, 'v')

/** Whether a message is a few emoji and nothing else. */
export const isEmojiOnly = (text: string): boolean => text.length <= LONGEST && EMOJI.test(text.trim())
