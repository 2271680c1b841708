/** Leaves a savepoint so that nothing of it stays, and carries the answer out. */
export class RolledBack extends Error {
  readonly answer: unknown

  constructor(answer: unknown) {
    super('Rolled back')
    this.name = 'RolledBack'
    this.answer = answer
  }
}
