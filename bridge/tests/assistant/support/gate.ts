/** A point a scripted answer stops at until the test lets it on. */
export class Gate {
  readonly opened: Promise<void>
  readonly waiting: Promise<void>
  open: () => void = () => undefined
  reached: () => void = () => undefined

  constructor() {
    this.opened = new Promise((resolve) => {
      this.open = resolve
    })
    this.waiting = new Promise((resolve) => {
      this.reached = resolve
    })
  }
}
