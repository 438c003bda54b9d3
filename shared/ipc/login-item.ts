/** Whether SpacePanda starts when its person logs in. `unavailable`: it is not installed, or this system has no such list. */
export type LoginItemState = 'on' | 'off' | 'unavailable'

/** What a person can ask for; each is answered with how things stand then. */
export const loginItemWishes = ['look', 'on', 'off'] as const
export type LoginItemWish = (typeof loginItemWishes)[number]
