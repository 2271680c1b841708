/** One plain sentence that the readers know, and the day that goes with it where they read none. */
export interface Plain {
  text: string
  day?: string
}
