export const unused = true
