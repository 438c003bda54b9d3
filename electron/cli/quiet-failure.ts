/** A command said all there is to say, and what it said is not good: the process ends with this status and no word more. */
export class QuietFailure extends Error {
  override readonly name = 'QuietFailure'
  readonly status: number

  constructor(status = 1) {
    super('the command ended badly and said so')
    this.status = status
  }
}
