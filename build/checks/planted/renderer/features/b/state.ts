export const state = 0
