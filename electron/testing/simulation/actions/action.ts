import type { SimOptions } from '../options.ts'
import type { World } from '../world.ts'

/** Something that somebody does, or that happens to them. */
export interface Action {
  name: string
  /** How often it is chosen, beside the others. */
  weight: (options: SimOptions) => number
  /** Begins it; false where it cannot be done now. Whom it is about is drawn here. */
  begin: (world: World) => boolean
}
